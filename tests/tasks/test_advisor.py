"""The advisor: the whole table of situations as a colleague from a community would judge it, and what it keeps."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal

import pytest
from django.utils import translation

from kocforum.errors import Forbidden, Invalid
from kocforum.ledger.models import Fact
from tasks.actions.advice import take_advice
from tasks.enums import Goal, Reason, TaskForm
from tasks.models import Advice
from tasks.queries.advice import SENTENCES, WARNINGS, sentences
from tasks.queries.advisor import COSTS, NEXT, People, Proposal, Situation, advise, margin_of
from tests.people import make_koc, make_member, make_staff
from tests.tasks.stories import drafted, make_researcher

DAYS = (2, 6, 12, 40)
MANY = People(frame=600)


def situation(**values) -> Situation:
    return Situation(
        **{
            "goal": "distribution",
            "options_known": True,
            "reason": "number",
            "days": 40,
            "confidential": False,
            "starter": "brand",
            "decision": "定下量产的一款。",
            **values,
        }
    )


def every_situation() -> list[Situation]:
    answers = itertools.product(Goal.values, (True, False), Reason.values, DAYS, (True, False), ("brand", "owner"))
    names = ("goal", "options_known", "reason", "days", "confidential", "starter")
    return [situation(**dict(zip(names, row, strict=True))) for row in answers]


def told(people: People = MANY, **values) -> Proposal:
    return advise(situation(**values), people)


def test_every_situation_has_a_form_another_second_and_reasons_in_both_languages():
    assert len(every_situation()) == 4 * 2 * 3 * 4 * 2 * 2
    for said in every_situation():
        proposal = advise(said, MANY)
        assert proposal.form in TaskForm and proposal.second in TaskForm and proposal.form != proposal.second
        for form in (proposal.form, proposal.second):
            for language in ("zh-hans", "en"):
                with translation.override(language):
                    reasons = sentences(proposal.because, form)
                assert reasons, (said, form)
                assert all(text for text, _for in reasons)
        assert any(speaks_for for _text, speaks_for in sentences(proposal.because, proposal.form)), said
        assert proposal.points[proposal.form] == max(proposal.points.values())


def test_every_sentence_and_warning_has_its_own_chinese():
    for said in (*SENTENCES.values(), *WARNINGS.values()):
        with translation.override("en"):
            english = str(said)
        with translation.override("zh-hans"):
            assert str(said) != english, english


def test_no_rule_and_no_warning_is_without_a_sentence_and_none_of_them_idle():
    codes, warnings = set(), set()
    crowds = (MANY, People(frame=3), People(frame=600, tired=400, same_few=True))
    for said, people in itertools.product(every_situation(), crowds):
        proposal = advise(said, people)
        codes |= {code for _form, code, _worth in proposal.because}
        warnings |= set(proposal.warnings)
    warnings |= set(told(decision=" ").warnings)
    # This one keeps initiatives behind everything else, so it is read nowhere.
    assert codes == set(SENTENCES) - {"fit.no_project"} and warnings == set(WARNINGS)


def test_who_looks_for_the_goals_own_form_reads_why_it_is_not_proposed():
    for said in every_situation():
        own = {"distribution": "survey", "depth": "call", "ideas": "workshop", "empower": "initiative"}[said.goal]
        proposal = advise(said, MANY)
        against = [text for text, speaks_for in sentences(proposal.because, own) if not speaks_for]
        assert own == proposal.form or against, said


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("survey", {"goal": "distribution", "options_known": True, "reason": "number"}),
        ("call", {"goal": "depth", "options_known": False, "reason": "why"}),
        ("workshop", {"goal": "ideas", "options_known": False, "reason": "design"}),
        ("initiative", {"goal": "empower", "options_known": False, "reason": "design", "starter": "owner"}),
    ],
)
def test_each_goal_has_its_form_and_its_price(form, said):
    proposal = told(**said)
    assert proposal.form == form
    assert (proposal.minutes, proposal.staff_hours) == (COSTS[form].minutes, COSTS[form].staff_hours)
    assert (proposal.margin is not None) == (form == "survey")
    assert not set(proposal.warnings) & {"too_late", "days_tight", "brand_idea", "options_unknown"}


def test_the_goal_is_stronger_than_one_other_answer():
    for goal, form in zip(Goal.values, ("survey", "call", "workshop", "initiative"), strict=True):
        for reason in Reason.values:
            known = goal == "distribution"
            assert told(goal=goal, options_known=known, reason=reason, starter="owner").form == form


@pytest.mark.parametrize("days", [6, 12, 40])
@pytest.mark.parametrize("reason", Reason.values)
def test_unknown_options_turn_a_count_into_a_conversation_with_the_count_behind_it(reason, days):
    proposal = told(options_known=False, reason=reason, days=days)
    assert (proposal.form, proposal.second) == ("call", "survey")
    assert "options_unknown" not in proposal.warnings


def test_a_count_without_options_is_all_that_is_left_when_the_decision_is_near_and_it_warns():
    proposal = told(options_known=False, days=2)
    assert proposal.form == "survey" and {"options_unknown", "too_late"} <= set(proposal.warnings)


def test_a_room_that_would_only_rate_known_options_is_a_survey():
    assert told(goal="ideas", options_known=True, reason="number").form == "survey"
    assert told(goal="ideas", options_known=True, reason="design").form == "workshop"


def test_a_near_decision_refuses_slow_forms_and_says_that_the_goal_is_not_reached():
    for said in every_situation():
        if said.goal == "empower":
            continue
        proposal = advise(said, MANY)
        assert said.days >= COSTS[proposal.form].least, said
        if said.days == 2:
            assert proposal.form == "survey"
            assert ("too_late" in proposal.warnings) == (said.goal == "depth" or not said.options_known or wanted(said))


def wanted(said: Situation) -> bool:
    """Whether something else than a count would be proposed with more time."""
    return told(**{**vars(said), "days": 365}).form != "survey"


def test_a_conversation_needs_five_days_and_a_room_seven():
    assert told(goal="depth", reason="why", options_known=False, days=4).form == "survey"
    assert told(goal="depth", reason="why", options_known=False, days=5).form == "call"
    assert told(goal="ideas", reason="design", options_known=False, days=6).form == "call"
    assert told(goal="ideas", reason="design", options_known=False, days=7).form == "workshop"


def test_a_room_in_twelve_days_is_tight_and_still_the_form():
    proposal = told(goal="ideas", reason="design", options_known=False, days=12)
    assert proposal.form == "workshop" and "days_tight" in proposal.warnings
    assert "days_tight" not in told(goal="ideas", reason="design", options_known=False, days=14).warnings


def test_what_is_confidential_is_proposed_in_public_neither_first_nor_second():
    for said in every_situation():
        proposal = advise(said, MANY)
        if said.confidential:
            assert {proposal.form, proposal.second} == {"survey", "workshop"}, said
            assert ("confidential_many" in proposal.warnings) == (proposal.form == "survey")
        else:
            assert "confidential_many" not in proposal.warnings


def test_confidential_depth_goes_into_a_room_where_there_is_time_for_one():
    assert told(goal="depth", reason="why", options_known=False, confidential=True).form == "workshop"
    assert told(options_known=False, confidential=True).form == "workshop"


def test_a_brands_idea_is_never_an_initiative_and_warns():
    for said in every_situation():
        proposal = advise(said, MANY)
        if said.starter == "brand":
            assert "initiative" not in {proposal.form, proposal.second}, said
        assert ("brand_idea" in proposal.warnings) == (said.starter == "brand" and said.goal == "empower")
        if "brand_idea" in proposal.warnings:
            assert proposal.form == "workshop"


def test_a_kocs_project_is_never_answered_by_a_count_however_near_the_date():
    for said in every_situation():
        if said.goal == "empower" and said.starter == "owner":
            assert advise(said, MANY).form == ("workshop" if said.confidential else "initiative"), said
    assert "too_late" in told(goal="empower", starter="owner", days=2).warnings


def test_an_initiative_is_for_who_wants_to_do_something_not_for_who_asks():
    for said in every_situation():
        proposal = advise(said, MANY)
        if said.goal != "empower":
            assert "initiative" not in {proposal.form, proposal.second}, said


@pytest.mark.parametrize(("decision", "warns"), [("", True), ("  ", True), ("定下一款。", False)])
def test_no_decision_warns(decision, warns):
    assert ("no_decision" in told(decision=decision).warnings) is warns


@pytest.mark.parametrize(
    ("people", "warning"),
    [
        (People(frame=84), "segment_small"),
        (People(frame=0), "segment_small"),
        (People(frame=600, tired=241), "people_tired"),
        (People(frame=600, same_few=True), "same_people"),
    ],
)
def test_people_who_are_few_tired_or_always_the_same_warn(people, warning):
    assert warning in told(people).warnings
    assert warning not in told(People(frame=600, tired=240)).warnings


def test_thirty_answers_to_expect_are_enough():
    assert "segment_small" not in told(People(frame=86, rate=0.35)).warnings
    assert "segment_small" in told(People(frame=86, rate=0.3)).warnings


def test_a_conversation_needs_eight_people_and_no_share():
    depth = {"goal": "depth", "reason": "why", "options_known": False}
    assert told(People(frame=7), **depth).warnings == ["people_few"]
    assert told(People(frame=8), **depth).warnings == []


def test_answers_to_expect_are_those_that_the_form_can_carry():
    assert told().answers == 210
    assert told(goal="depth", reason="why", options_known=False).answers == 25
    assert told(goal="ideas", reason="design", options_known=False).answers == 9
    assert told(People(frame=12), goal="depth", reason="why", options_known=False).answers == 4
    assert told(goal="empower", starter="owner").answers == 1


@pytest.mark.parametrize(
    ("answers", "frame", "points"),
    [(214, 600, 5.4), (210, 600, 5.5), (30, 10**9, 17.9), (385, 10**9, 5.0), (1000, 10**9, 3.1), (100, 200, 6.9)],
)
def test_the_margin_is_that_of_a_share_of_one_half_in_a_finite_audience(answers, frame, points):
    by_hand = 1.959963984540054 * math.sqrt(0.5 * 0.5 / answers) * math.sqrt((frame - answers) / (frame - 1)) * 100
    assert margin_of(answers, frame) == pytest.approx(by_hand, abs=0.05)
    assert margin_of(answers, frame) == points


def test_the_margin_agrees_with_statsmodels():
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for answers, frame in ((214, 600), (10, 5000), (4999, 5000), (60, 100)):
        low, high = proportion.proportion_confint(answers / 2, answers, method="normal")
        half = (high - low) / 2 * math.sqrt((frame - answers) / (frame - 1))
        assert margin_of(answers, frame) == pytest.approx(100 * half, abs=0.05)


@pytest.mark.parametrize(
    ("answers", "frame", "points"),
    [(0, 600, None), (0, 0, None), (600, 600, 0.0), (1, 1, 0.0), (1, 2, 98.0), (40, 0, 15.5), (40, 30, 15.5)],
)
def test_the_margin_at_its_edges(answers, frame, points):
    """Everybody answered: nothing left to chance. More answered than stand in the frame: it is not their frame."""
    assert margin_of(answers, frame) == points


def test_more_answers_are_never_less_precise():
    row = [margin_of(answers, 600) for answers in range(1, 601)]
    assert row == sorted(row, reverse=True)


def test_every_form_leads_on_to_others():
    assert set(NEXT) == set(COSTS) == set(TaskForm)


@pytest.mark.django_db
def test_advice_is_kept_as_it_was_given():
    for number in range(10):
        make_member(f"m{number}")
    advice = take_advice(by=make_researcher(), situation=situation(decision=" 定下\n量产的一款。 "))
    advice.refresh_from_db()
    assert (advice.form, advice.second, advice.frame, advice.answers) == ("survey", "call", 10, 4)
    assert (advice.rate, advice.minutes) == (Decimal("0.350"), Decimal("0.5"))
    assert advice.margin == Decimal(str(margin_of(4, 10)))
    assert advice.warnings == ["segment_small"] and advice.decision == "定下 量产的一款。"
    assert {form for form, _code, _worth in advice.because} == {"survey", "call"}
    assert sentences(advice.because, "survey") and sentences(advice.because, "call")
    assert Fact.objects.get(name="tasks.AdviceGiven").payload == {"advice_id": advice.pk, "form": "survey"}
    assert advice.task is None


@pytest.mark.django_db
def test_advice_for_nobody_is_given_too():
    advice = take_advice(by=make_researcher(), situation=situation(), criteria={"cities": ["没有人"]})
    assert (advice.frame, advice.answers, advice.margin) == (0, 0, None)
    assert advice.criteria == {"cities": ["没有人"]}


@pytest.mark.django_db
def test_a_draft_ties_the_advice_that_it_follows_once():
    advice = take_advice(by=make_researcher(), situation=situation())
    first = drafted(advice=advice)
    drafted(title="再问一次", advice=advice)
    advice.refresh_from_db()
    assert advice.task == first


@pytest.mark.django_db
def test_only_researchers_ask_the_advisor():
    for somebody in (make_staff("op"), make_koc(), make_member("lin")):
        with pytest.raises(Forbidden):
            take_advice(by=somebody, situation=situation())
    assert not Advice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "criteria", "field"),
    [
        ({"goal": "profit"}, {}, "goal"),
        ({"reason": "because"}, {}, "reason"),
        ({"starter": "agency"}, {}, "starter"),
        ({"days": -1}, {}, "days"),
        ({"days": 99_999}, {}, "days"),
        ({}, {"sample": "x"}, "audience"),
        ({}, {"sample": -3}, "audience"),
        ({}, {"models": ["S99"]}, "audience"),
        ({}, {"models": 7}, "audience"),
    ],
)
def test_an_answer_that_cannot_be_is_named(said, criteria, field):
    with pytest.raises(Invalid) as refused:
        take_advice(by=make_researcher(), situation=situation(**said), criteria=criteria)
    assert field in refused.value.fields
