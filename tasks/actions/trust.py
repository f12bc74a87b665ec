"""Contest what counted of a promise; answer that."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_text

from ..enums import ContestState, PromiseKind, PromiseState
from ..facts import ContestAnswered, PromiseContested
from ..models import Initiative, TrustContest
from ..queries.trust import trust_of
from ..rules.trust import MOST_CONTESTS, can_answer, can_contest
from .content import wants_a_look

MOST_WORDS = 1000


@once(TrustContest)
@transaction.atomic
def contest_promise(*, by: Member, initiative: Initiative, kind: str, words: str) -> TrustContest:
    """Say that something that counted against you is wrong, and why. Once more after an answer; not a third time."""
    require(can_contest(by, initiative), _("What counted is contested by whom it counted for."))
    words = clean_text(words).strip()[:MOST_WORDS]
    problems: dict[str, object] = {}
    if kind not in PromiseKind.values:
        problems["kind"] = _("There is no such promise.")
    if not words:
        problems["words"] = _("Say in a sentence what was different.")
    if problems:
        raise Invalid(problems)
    wants_a_look(words, field="words")
    found = [one for one in trust_of(by).promises if (one.initiative.pk, one.kind) == (initiative.pk, kind)]
    if not found or found[0].state != PromiseState.BROKEN:
        raise Conflict(_("This does not count against you."))
    if found[0].waits:
        raise Conflict(_("You have contested it already. An answer is on its way."))
    if len(found[0].contests) >= MOST_CONTESTS:
        raise Conflict(_("Two approvers have looked at it. That was the last word."))
    try:
        with transaction.atomic():
            made = TrustContest.objects.create(initiative=initiative, kind=kind, by=by, words=words)
    except IntegrityError:
        raise Conflict(_("You have contested it already. An answer is on its way.")) from None
    record(PromiseContested(initiative_id=initiative.pk, contest_id=made.pk, kind=kind), by=by)
    return made


@transaction.atomic
def answer_contest(*, by: Member, contest: TrustContest, to: str, reason: str) -> TrustContest:
    """Agree (it counts as kept, or not at all), or say why it stands. One answer, and who contests is told."""
    require(can_answer(by, contest), _("Approvers answer."))
    reason = clean_text(reason).strip()[:MOST_WORDS]
    problems: dict[str, object] = {}
    if to not in ContestState.values or to == ContestState.OPEN:
        problems["to"] = _("There is no such answer.")
    if not reason:
        problems["reason"] = _("Who contests it reads the reason. Write a sentence.")
    if problems:
        raise Invalid(problems)
    waiting = TrustContest.objects.filter(pk=contest.pk, state=ContestState.OPEN)
    if not waiting.update(state=to, reason=reason, answered_by=by, answered_at=timezone.now()):
        raise Conflict(_("It has an answer already."))
    record(ContestAnswered(initiative_id=contest.initiative_id, contest_id=contest.pk, state=to), by=by)
    contest.refresh_from_db()
    return contest
