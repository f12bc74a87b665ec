"""What the advisor says, in words: a sentence for the code of every rule and of every warning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "goal.distribution": _("You want to know how many or which: that is counted."),
    "goal.depth": _("You want to know why and how: that needs time to think and to write."),
    "goal.ideas": _("You want to invent something: that needs one room without delay."),
    "goal.empower": _("You want a passion to work: then the KOC leads and the brand stands behind."),
    "fit.finds": _("A conversation finds the options and the reasons behind a number; it counts nothing."),
    "fit.handful": _("A handful of people cannot stand for many."),
    "fit.deep_room": _("A few people in a room go deep as well."),
    "fit.boxes": _("Options tell what people choose, seldom why."),
    "fit.ideas_written": _("Ideas can be gathered in writing too; it only takes longer."),
    "fit.nothing_new": _("Who chooses between options invents nothing new."),
    "fit.planned_together": _("In one room the plan can be made together."),
    "fit.who_joins": _("A conversation shows who would join."),
    "fit.no_project": _("There is no project of a KOC here that could be backed."),
    "fit.carries_nobody": _("A count carries nobody's project."),
    "options.known": _("The options are known, so they can be offered."),
    "options.unknown": _("The options are not known yet; whoever is offered the wrong ones answers something else."),
    "options.told": _("The options are not known yet; here owners name them in their own words."),
    "options.rated": _("The options are known and a number is looked for: a room that only rates is a survey."),
    "reason.number": _("The answer is a number."),
    "reason.why": _("The answer is a reason, and reasons do not fit into boxes."),
    "reason.design": _("The answer is a design, which is made together."),
    "days.short": _("The decision is near; a conversation needs ten days, a room two weeks."),
    "days.tight": _("It usually takes longer than there is until the decision."),
    "days.none": _("There is not enough time for it before the decision."),
    "confidential.room": _("It is confidential: a closed room can keep that."),
    "confidential.public": _("It is confidential, and this form lives in public."),
    "confidential.many": _("It is confidential, and what many are shown gets around."),
    "starter.owner": _("The idea is a KOC's, and stays theirs."),
    "starter.leads": _("The KOC who began it can lead the conversation."),
    "starter.brand": _("The idea is the brand's, so it is no initiative of a KOC."),
    "starter.workshop": _("The idea is the brand's: work it out with KOCs in one room, or pay for the job."),
}
WARNINGS = {
    "no_decision": _("No decision is named. A task cannot be opened without one."),
    "options_unknown": _("The options are not known: let owners tell first, then count."),
    "segment_small": _("Too few answers are to be expected to tell shares apart."),
    "people_few": _("Fewer people fit than this form needs."),
    "people_tired": _("Many of these people have given the minutes that they have for this month."),
    "same_people": _("A few people carry most of what was asked lately. Draw a sample."),
    "brand_idea": _("The idea came from the brand: this is a workshop or a paid job, not an initiative."),
    "confidential_many": _("What is shown to many does not stay inside. Ask without showing the secret."),
    "too_late": _(
        "What reaches this goal takes more days than there are. Move the decision, or take the answer as a hint."
    ),
    "days_tight": _("This form usually takes longer than there is. Keep it small, or move the decision."),
}


def sentences(because: Iterable[Iterable[Any]], form: str) -> list[tuple[str, bool]]:
    """What spoke for and against a form, in the reader's language: pairs of sentence and "for"."""
    return [(str(SENTENCES[code]), worth > 0) for of, code, worth in because if of == form and code in SENTENCES]
