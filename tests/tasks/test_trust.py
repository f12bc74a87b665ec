"""The trust envelope: kept promises raise what one approver may grant; the formula is bounded, shown, and can be contested."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.events import cancel_event, edit_event, open_event, postpone_event
from tasks.actions.initiative_reports import report
from tasks.actions.leaving import forget_member
from tasks.actions.money import account_for, settle
from tasks.actions.proposals import appeal, submit, withdraw
from tasks.actions.reviews import ask_for_changes, decide
from tasks.actions.trust import answer_contest, contest_promise
from tasks.models import Envelope, Event, Initiative, Loan, ProposalVersion, TrustContest
from tasks.queries.download import what_i_did_with_owners
from tasks.queries.promises import Promise, promises_of
from tasks.queries.trust import formula, room_of, taken_of
from tasks.rules.initiatives import SMALL_UP_TO
from tasks.rules.trust import BASE_MINOR, MOST_MINOR, STEP_MINOR, ceiling_of, kept_in_time
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.initiatives import agreed, drafted_initiative, koc, member, opened_event, submitted, terms
from tests.tasks.material import FLAGS, endorsed, in_days, item, lent, moved
from tests.tasks.money import asked, handed_in, paid, receipt, staff
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api
from tests.tasks.trust import NO_MONEY, STORY, after, approver, broken, called_off, found, kept, late, led, states

pytestmark = pytest.mark.django_db
COUNTS = st.integers(0, 40)
NOW = timezone.now()
DAY = timedelta(days=1)


def contested(made: Initiative, kind: str = "report", **values) -> TrustContest:
    said = {"by": koc(), "words": "我在群里交过，系统没收到。", **values}
    return contest_promise(initiative=made, kind=kind, **said)


def answered(one: TrustContest, to: str, **values) -> TrustContest:
    return answer_contest(contest=one, to=to, **{"by": approver(), "reason": "我们查到了。", **values})


def long_ago(days: int) -> None:
    ends = timezone.now() - timedelta(days=days)
    Event.objects.update(starts_at=ends - timedelta(hours=8), ends_at=ends)


def promise_of(kind: str) -> Promise:
    return next(one for one in found().promises if one.kind == kind)


def due(made: Initiative) -> date:
    """The last day of the report."""
    return timezone.localdate(promises_of(koc(), [made])[made.pk][1].due_at)


# --- the formula


@pytest.mark.parametrize(
    ("kept", "broken", "ceiling"),
    [
        (0, 0, 200_000),
        (1, 0, 250_000),
        (4, 0, 400_000),
        (4, 1, 300_000),
        (4, 2, 200_000),
        (0, 3, 200_000),
        (16, 0, 1_000_000),
        (32, 0, 1_000_000),
        (17, 1, 950_000),
    ],
)
def test_the_ceiling_by_its_numbers(kept, broken, ceiling):
    assert ceiling_of(kept, broken) == ceiling


@given(COUNTS, COUNTS)
def test_the_ceiling_stays_in_its_bounds_and_moves_the_right_way(kept, broken):
    here = ceiling_of(kept, broken)
    assert isinstance(here, int) and BASE_MINOR <= here <= MOST_MINOR and (here - BASE_MINOR) % STEP_MINOR == 0
    assert here <= ceiling_of(kept + 1, broken) <= here + STEP_MINOR
    assert ceiling_of(kept, broken + 1) <= here


@given(COUNTS, COUNTS)
def test_one_broken_promise_never_takes_more_than_a_third(kept, broken):
    before = ceiling_of(kept, broken)
    taken = before - ceiling_of(kept, broken + 1)
    assert taken <= 2 * STEP_MINOR and 3 * taken <= before


@pytest.mark.parametrize(
    ("done", "due", "state"),
    [
        (NOW - DAY, NOW, "kept"),
        (NOW, NOW, "kept"),
        (NOW - DAY, NOW - 2 * DAY, "broken"),
        (None, NOW - DAY, "broken"),
        (None, NOW, "open"),
        (None, NOW + DAY, "open"),
        (None, None, "open"),
        (NOW, None, "kept"),
    ],
)
def test_a_promise_with_a_day_is_kept_broken_or_open(done, due, state):
    assert kept_in_time(done, due, NOW) == state


# --- what counts


def test_who_has_no_history_has_what_everybody_has():
    assert found().ceiling_minor == SMALL_UP_TO["CNY"] and found().promises == []


def test_an_event_that_took_place_and_its_report_are_kept():
    kept()
    assert states() == {"event": "kept", "report": "kept"}
    assert (found().kept, found().broken, found().ceiling_minor) == (2, 0, 300_000)


def test_a_report_is_open_for_thirty_days_and_then_broken():
    made = led(days=29)
    assert states()["report"] == "open"
    long_ago(31)
    assert states()["report"] == "broken"
    report(by=koc(), initiative=made, story=STORY)
    assert states()["report"] == "broken" and found().ceiling_minor == 200_000


def test_a_report_told_again_later_is_not_late():
    made = kept()
    report(by=koc(), initiative=made, story=STORY + "还有照片。")
    last = max(row.pk for row in _told("tasks.InitiativeReported"))
    _told("tasks.InitiativeReported").filter(pk=last).update(at=timezone.now() + timedelta(days=90))
    assert states()["report"] == "kept"
    late(made, "tasks.InitiativeReported", 60)
    assert states()["report"] == "broken"


def _told(name: str):
    return Fact.objects.filter(name=name)


def test_what_is_called_off_late_is_broken_and_in_time_is_neither():
    called_off(hours=24)
    assert states() == {"event": "broken"}


def test_what_is_called_off_in_time_counts_neither_way():
    called_off(hours=24 * 5)
    assert states() == {"event": "left_out"} and (found().kept, found().broken) == (0, 0)


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("reopened", [True, False])
def test_what_is_postponed_late_and_then_called_off_is_called_off_late(late, reopened):
    made = endorsed(koc(), asks=NO_MONEY)
    event = opened_event(made)
    soon = timezone.now() + timedelta(hours=24 if late else 72)
    Event.objects.update(starts_at=soon, ends_at=soon + timedelta(hours=8))
    postpone_event(by=koc(), event=event, reason="台风")
    assert states()["event"] == "open"
    if reopened:
        edit_event(by=koc(), event=event, terms=terms())
        open_event(by=koc(), event=event)
        assert states()["event"] == "open"
    cancel_event(by=koc(), event=event, reason="路断了")
    assert states()["event"] == ("broken" if late else "left_out")
    assert ("改期，后来又取消" in promise_of("event").why) == late


def test_what_is_moved_to_another_day_late_and_then_called_off_is_called_off_late():
    made = endorsed(koc(), asks=NO_MONEY)
    event = opened_event(made)
    soon = timezone.now() + timedelta(hours=24)
    Event.objects.update(starts_at=soon, ends_at=soon + timedelta(hours=8))
    edit_event(by=koc(), event=event, terms=terms())
    cancel_event(by=koc(), event=event, reason="路断了")
    assert states()["event"] == "broken"


def test_what_is_postponed_late_and_takes_place_is_kept():
    made = endorsed(koc(), asks=NO_MONEY)
    event = opened_event(made)
    soon = timezone.now() + timedelta(hours=24)
    Event.objects.update(starts_at=soon, ends_at=soon + timedelta(hours=8))
    postpone_event(by=koc(), event=event, reason="台风")
    edit_event(by=koc(), event=event, terms=terms())
    open_event(by=koc(), event=event)
    after(1, event)
    assert states()["event"] == "kept"


def test_a_postponed_event_is_still_to_come_and_owes_nothing_until_it_has_a_day():
    made = led(days=45)
    event = made.events.get()
    Event.objects.filter(pk=event.pk).update(state="postponed", postponed_because="大雪封山")
    assert states() == {"event": "open", "report": "open"}
    Event.objects.filter(pk=event.pk).update(state="cancelled", changed_at=timezone.now())
    assert states()["event"] == "left_out"


def test_the_money_is_accounted_for_in_time():
    made = led(asks=asked(50_000))
    envelope = Envelope.objects.get(initiative=made)
    assert states()["account"] == "open"
    paid(envelope, 10_000)
    long_ago(40)
    assert states()["account"] == "broken"
    settle(by=staff("finance"), envelope=envelope, reason="等不到了")
    assert states()["account"] == "broken"


def test_an_account_told_in_time_is_kept():
    made = led(asks=asked(50_000))
    account_for(by=koc(), envelope=Envelope.objects.get(initiative=made), words="水和横幅。", uploads=[receipt()])
    assert states()["account"] == "kept"


def test_money_that_nobody_used_asks_for_no_account():
    made = led(asks=asked(50_000))
    settle(by=staff("finance"), envelope=Envelope.objects.get(initiative=made), reason="没有用")
    assert "account" not in states()


def test_material_is_back_whole_and_in_time():
    made = led(asks=FLAGS)
    loan = lent(made, item(), 3, due_back_on=in_days(2))
    assert states()["material"] == "open"
    moved(loan, "shipped", "received")
    Loan.objects.update(due_back_on=in_days(-1))
    assert states()["material"] == "broken"
    Loan.objects.update(due_back_on=in_days(0))
    moved(loan, "sent_back")
    assert states()["material"] == "open"
    moved(loan, "returned", came_back=3)
    assert states()["material"] == "kept"


def test_what_did_not_come_back_is_a_broken_promise():
    moved(
        lent(led(asks=FLAGS), item(), 3), "shipped", "received", "sent_back", "returned", came_back=2, reason="丢了一面"
    )
    assert states()["material"] == "broken"


def test_a_project_without_an_event_is_reported_accounted_for_and_settled():
    made = endorsed(asks=asked(50_000), begins_on=in_days(-20), ends_on=in_days(-10))
    assert states() == {"report": "open", "account": "open"}
    report(by=koc(), initiative=made, story=STORY)
    envelope = Envelope.objects.get(initiative=made)
    account_for(by=koc(), envelope=envelope, words="给车友会的急救包。", uploads=[receipt()])
    settle(by=staff("finance"), envelope=envelope)
    assert states() == {"report": "kept", "account": "kept"}
    page = client_of(None).get(f"/initiatives/{made.pk}/report/").content.decode()
    assert STORY in page and "<dl" not in page.split("<main", 1)[1].split("</main>")[0]


def test_a_project_that_named_no_day_owes_its_report_at_no_day():
    made = endorsed(asks=NO_MONEY)
    assert states() == {"report": "open"}
    report(by=koc(), initiative=made, story=STORY)
    assert states() == {"report": "kept"}


def test_only_the_last_eight_initiatives_that_are_due_count():
    broken(title="最早的")
    for number in range(8):
        kept(title=f"第 {number} 次")
    assert (found().kept, found().broken) == (16, 0)
    led(title="还没到期", days=1)
    assert (found().kept, found().broken) == (15, 0)


def test_what_one_took_over_is_not_counted_for_who_took_over():
    su = member("su")
    broken()
    agreed(Initiative.objects.get())
    forget_member(member_id=koc().pk)
    assert Initiative.objects.get().proposer == su and found(su).promises == []


# --- when a promise is due, and from when it can be kept


def opened(made: Initiative, *, days_ago: int, ends_in: int, **values) -> Event:
    """Another event, as if opened so many days ago, ending so many days from now."""
    event, ends = opened_event(made, title="又一次"), timezone.now() + timedelta(days=ends_in)
    values |= {"opened_at": timezone.now() - timedelta(days=days_ago)}
    Event.objects.filter(pk=event.pk).update(starts_at=ends - timedelta(hours=8), ends_at=ends, **values)
    return Event.objects.get(pk=event.pk)


def opened_before(made: Initiative, days: int) -> None:
    Event.objects.filter(initiative=made).update(opened_at=timezone.now() - timedelta(days=days))


def test_a_broken_promise_is_not_erased_by_opening_another_event():
    made = broken()
    opened_before(made, 50)
    event = opened(made, days_ago=0, ends_in=20)
    assert states()["report"] == "broken"
    for state in ("postponed", "cancelled", "held"):
        Event.objects.filter(pk=event.pk).update(state=state)
        assert states()["report"] == "broken"


def test_the_first_event_of_a_project_does_not_mend_what_its_days_broke():
    made = endorsed(asks=NO_MONEY, begins_on=in_days(-60), ends_on=in_days(-40))
    assert states() == {"report": "broken"}
    opened(made, days_ago=0, ends_in=20)
    assert states()["report"] == "broken"


def test_an_event_that_was_opened_in_time_moves_the_day_on_and_one_that_was_called_off_long_ago_does_not():
    made = broken()
    opened_before(made, 50)
    event = opened(made, days_ago=10, ends_in=20)
    assert states()["report"] == "open"
    Event.objects.filter(pk=event.pk).update(state="postponed", postponed_because="大雪封山")
    assert found().promises[1].due_at is None
    Event.objects.filter(pk=event.pk).update(state="cancelled", changed_at=timezone.now() - timedelta(days=31))
    assert states()["report"] == "broken"


def test_calling_off_an_event_leaves_thirty_days_from_that_day():
    made = broken()
    opened_before(made, 50)
    longer = opened(made, days_ago=10, ends_in=41)
    assert due(made) == timezone.localdate() + timedelta(days=71)
    cancel_event(by=koc(), event=longer, reason="路断了")
    assert due(made) == timezone.localdate() + timedelta(days=30) and states()["report"] == "open"
    # Of the calling-off itself thirty days, and not from every day on which somebody looks.
    Event.objects.filter(pk=longer.pk).update(changed_at=timezone.now() - timedelta(days=31))
    assert states()["report"] == "broken"


def test_what_was_called_off_long_ago_neither_shortens_nor_ends_what_an_event_later_moves():
    made = endorsed(
        koc(), asks=NO_MONEY, begins_on=timezone.localdate(), ends_on=timezone.localdate() + timedelta(days=90)
    )
    first = opened_event(made)
    cancel_event(by=koc(), event=first, reason="路断了")
    long_ago = timezone.now() - timedelta(days=60)
    Event.objects.filter(pk=first.pk).update(opened_at=long_ago, changed_at=long_ago)
    later = opened_event(
        made, starts_at=timezone.now() + timedelta(days=20), ends_at=timezone.now() + timedelta(days=21)
    )
    assert due(made) == timezone.localdate(later.ends_at) + timedelta(days=30)


def test_what_is_due_on_a_day_can_be_told_until_its_end():
    made = led(days=30)
    opened_before(made, 50)
    due = timezone.localtime(found().promises[1].due_at)
    assert states()["report"] == "open"
    assert (due.date(), due.hour, due.minute) == (timezone.localdate(made.events.get().ends_at) + 30 * DAY, 23, 59)


def test_what_is_told_before_it_begins_is_told_again():
    made = endorsed(asks=asked(50_000), begins_on=in_days(2), ends_on=in_days(3))
    report(by=koc(), initiative=made, story=STORY)
    account_for(by=koc(), envelope=Envelope.objects.get(initiative=made), words="水和横幅。", uploads=[receipt()])
    assert states() == {"report": "open", "account": "open"}
    Initiative.objects.update(begins_on=in_days(-50), ends_on=in_days(-40))
    late(made, "tasks.InitiativeReported", -51)
    assert states()["report"] == "broken"
    Initiative.objects.update(begins_on=in_days(-5), ends_on=in_days(-4))
    assert states() == {"report": "open", "account": "kept"}
    report(by=koc(), initiative=made, story=STORY)
    assert states() == {"report": "kept", "account": "kept"}


def test_what_was_told_before_the_first_event_was_opened_is_told_again():
    made = endorsed(asks=NO_MONEY)
    report(by=koc(), initiative=made, story=STORY)
    assert states() == {"report": "kept"}
    event = opened_event(made)
    assert states()["report"] == "open"
    Event.objects.update(state="postponed", postponed_because="大雪封山")
    assert states()["report"] == "open"
    Event.objects.update(state="open")
    after(-1, event)
    after(1, event)
    late(made, "tasks.InitiativeReported", -5)
    assert states()["report"] == "open"


def test_money_that_is_settled_before_it_is_due_counts_neither_way():
    made = led(asks=asked(50_000))
    envelope = Envelope.objects.get(initiative=made)
    paid(envelope, 10_000)
    settle(by=staff("finance"), envelope=envelope, reason="提前关账")
    assert states()["account"] == "left_out"
    long_ago(40)
    assert states()["account"] == "broken"


def test_money_that_nobody_used_is_not_a_broken_promise():
    made = led(asks=asked(50_000))
    long_ago(40)
    assert states()["account"] == "open"
    handed_in(Envelope.objects.get(initiative=made), 10_000)
    assert states()["account"] == "broken"


def test_a_parcel_that_was_lost_on_its_way_to_the_leader_is_nobodys_promise():
    made, thing = led(asks=FLAGS), item()
    moved(lent(made, thing, 3), "shipped", "lost", reason="快递丢了")
    assert "material" not in states()
    moved(lent(made, thing, 2), "shipped", "received", "lost", reason="落在山上了")
    assert states()["material"] == "broken"


# --- what it changes


def test_the_ceiling_of_the_day_of_submission_makes_a_grant_small():
    money = asked(300_000)
    assert submitted(asks=money, title="以前").small is False
    kept()
    made = submitted(asks=money, title="以后")
    assert made.small is True and made.answer_due_at < timezone.now() + timedelta(hours=49)
    assert ProposalVersion.objects.get(initiative=made).ceiling_minor == 300_000
    assert submitted(asks=asked(300_001), title="再多一分").small is False


def test_what_happens_later_does_not_move_a_proposal_that_is_submitted():
    first = kept()
    made = submitted(asks=asked(300_000), title="以后")
    late(first, "tasks.InitiativeReported", 60)
    assert found().ceiling_minor == 200_000 and Initiative.objects.get(pk=made.pk).small is True
    ask_for_changes(by=staff("approver"), initiative=made, what="写明路线")
    again = submit(by=koc(), initiative=Initiative.objects.get(pk=made.pk))
    assert again.small is False
    assert list(made.versions.values_list("ceiling_minor", flat=True)) == [300_000, 200_000]


def test_several_proposals_share_the_ceiling_until_they_are_settled():
    first = submitted(asks=asked(150_000), title="第一份")
    second = submitted(asks=asked(60_000), title="第二份")
    assert (first.small, second.small) == (True, False)
    assert second.versions.get().ceiling_minor == 50_000
    decide(by=staff("approver"), initiative=first, verdict="full", reason="值得")
    assert (taken_of(koc()), room_of(koc())) == (150_000, 50_000)
    assert submitted(asks=asked(60_000), title="第三份").small is False
    page = client_of(koc()).get("/initiatives/trust/").content.decode()
    assert "¥1,500.00" in page and "¥500.00" in page and "已申请或已批准、还没结算的都算在内" in page
    settle(by=staff("finance"), envelope=Envelope.objects.get(initiative=first), reason="没有用")
    assert taken_of(koc()) == 0 and submitted(asks=asked(200_000), title="第四份").small is True


def test_material_takes_of_the_ceiling_until_it_is_reported_and_back():
    made = endorsed(asks=FLAGS)
    assert taken_of(koc()) == 9_000
    loan = moved(lent(made, item(), 3), "shipped", "received")
    report(by=koc(), initiative=made, story=STORY)
    assert taken_of(koc()) == 9_000
    moved(loan, "sent_back", "returned", came_back=3)
    assert taken_of(koc()) == 0


def test_what_was_taken_back_or_waits_for_changes_takes_nothing_and_what_is_sent_again_not_twice():
    made = submitted(asks=asked(150_000))
    ask_for_changes(by=staff("approver"), initiative=made, what="写明路线")
    assert taken_of(koc()) == 0
    again = submit(by=koc(), initiative=Initiative.objects.get(pk=made.pk))
    assert again.small is True and taken_of(koc()) == 150_000
    withdraw(by=koc(), initiative=again)
    assert taken_of(koc()) == 0


def test_an_appeal_is_small_only_while_there_is_room():
    made = submitted(asks=asked(150_000))
    decide(by=staff("approver"), initiative=made, verdict="declined", reason="还不够")
    submitted(asks=asked(100_000), title="另一份")
    again = appeal(by=koc(), initiative=Initiative.objects.get(pk=made.pk), reason="路线改了")
    assert again.small is False


def test_a_deputy_who_takes_over_has_the_own_ceiling():
    kept()
    made = submitted(asks=asked(300_000), title="以后")
    assert made.small is True
    agreed(made)
    forget_member(member_id=koc().pk)
    made.refresh_from_db()
    assert (made.small, made.answer_due_at) == (False, made.submitted_at + timedelta(days=14))


def test_what_becomes_small_for_a_deputy_is_answered_as_soon_as_a_small_one():
    kept(koc("su"), deputy=member("lin"))
    made = submitted(asks=asked(300_000), title="以后")
    before = made.answer_due_at
    assert made.small is False
    agreed(made)
    forget_member(member_id=koc().pk)
    made.refresh_from_db()
    assert made.small is True and made.answer_due_at < before - timedelta(days=11)


def test_a_decision_that_is_taken_stays_when_a_deputy_takes_over():
    kept()
    made = submitted(asks=asked(300_000), title="以后")
    later = timezone.now() + timedelta(hours=2)
    decide(by=staff("approver"), initiative=made, verdict="full", reason="值得", tell_at=later)
    forget_member(member_id=koc().pk)
    assert Initiative.objects.get(pk=made.pk).small is True


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_small_proposals_at_once_only_what_fits_is_small():
    leader = koc()
    drafts = [drafted_initiative(asks=asked(150_000), title=title) for title in ("第一份", "第二份")]
    at_once(*[lambda one=one: submit(by=leader, initiative=one) for one in drafts])
    assert sorted(Initiative.objects.values_list("small", flat=True)) == [False, True]


# --- contesting


def test_a_broken_promise_is_contested_and_another_approver_agrees(run_deliveries):
    made = broken()
    assert found().ceiling_minor == 200_000
    approver()
    one = contested(made)
    assert states()["report"] == "broken" and found().promises[1].waits
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.CONTEST_ARRIVED)
    assert list(told.values_list("member__username", flat=True)) == ["another"]
    answered(one, "kept")
    run_deliveries()
    assert not Notification.objects.unread().filter(kind=kinds.CONTEST_ARRIVED).exists()
    assert states()["report"] == "kept" and found().ceiling_minor == 300_000
    assert Notification.objects.filter(kind=kinds.CONTEST_ANSWERED, member=koc()).count() == 1


def test_what_an_approver_leaves_out_counts_neither_way():
    answered(contested(broken()), "left_out")
    assert states()["report"] == "left_out" and found().ceiling_minor == 250_000


def test_what_stands_may_be_contested_once_more_and_somebody_else_answers():
    made = broken()
    one = contested(made)
    with pytest.raises(Conflict):
        contested(made)
    answered(one, "stands")
    again = contested(made, words="这里是聊天记录。")
    with pytest.raises(Forbidden):
        answered(again, "kept")
    answered(again, "stands", by=approver("third"))
    with pytest.raises(Conflict):
        contested(made)


def test_only_what_counts_against_the_leader_is_contested_and_by_nobody_else():
    made = kept()
    with pytest.raises(Conflict):
        contested(made)
    late(made, "tasks.InitiativeReported", 60)
    for who in (made.deputy, make_member("lin")):
        with pytest.raises(Forbidden):
            contested(made, by=who)
    for wrong in ({"words": "  "}, {"kind": "applause"}):
        with pytest.raises(Invalid):
            contested(made, **{"kind": "report", **wrong})
    assert not TrustContest.objects.exists()


def test_who_decided_on_the_initiative_does_not_answer_and_neither_do_others():
    one = contested(broken())
    for who in (staff("approver"), staff("operator"), staff("finance"), koc()):
        with pytest.raises(Forbidden):
            answered(one, "kept", by=who)
    for wrong in ({"to": "open"}, {"to": "maybe"}, {"reason": " "}):
        with pytest.raises(Invalid):
            answered(one, **{"to": "kept", **wrong})
    answered(one, "stands")
    with pytest.raises(Conflict):
        answered(one, "kept", by=approver("third"))


def test_the_database_itself_keeps_one_open_contest_and_reasons():
    made = broken()
    one = contested(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrustContest.objects.create(initiative=made, kind="report", by=koc(), words="再说一遍")
    for values in ({"state": "kept"}, {"reason": "因为"}, {"answered_by": koc().pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrustContest.objects.filter(pk=one.pk).update(**values)


def test_a_contest_is_read_by_who_contests_and_by_approvers():
    one = contested(broken())
    for who, sees in ((koc(), True), (approver(), True), (staff("operator"), False), (member("su"), False)):
        assert TrustContest.objects.visible_to(who).filter(pk=one.pk).exists() is sees


def test_who_leaves_takes_the_words_along_and_has_them_in_the_download():
    contested(broken())
    assert any("contested" in row for row in what_i_did_with_owners(koc())[1])
    forget_member(member_id=koc().pk)
    assert not TrustContest.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_heard():
    one = contested(broken())
    first, second = approver(), approver("third")
    results = at_once(lambda: answered(one, "kept", by=first), lambda: answered(one, "stands", by=second))
    assert sum(isinstance(result, TrustContest) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert Notification.objects.filter(kind=kinds.CONTEST_ANSWERED).count() <= 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_contests_at_once_one_stands():
    made, leader = broken(), koc()
    results = at_once(*[lambda: contested(made, by=leader)] * 3)
    assert sum(isinstance(result, TrustContest) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 2
    assert TrustContest.objects.count() == 1


# --- pages


def test_a_leader_contests_and_hears_the_answer_through_pages_alone():
    """The story: the report was late, the leader says why, another approver agrees, the next grant is small again."""
    made = broken()
    staff("approver"), approver()
    leader, desk = client_of(koc()), client_of(approver())
    assert "/initiatives/trust/" in leader.get("/initiatives/").content.decode()
    page = leader.get("/initiatives/trust/").content.decode()
    path = f"/initiatives/trust/{made.pk}/report/"
    assert path in page and f"/initiatives/trust/{made.pk}/event/" not in page and "¥2,000" in page
    empty = leader.post(path, {"words": "", "op_id": str(uuid.uuid4())})
    assert empty.status_code == 422
    said = {"words": "活动当天服务器在维护，第二天补交的。", "op_id": str(uuid.uuid4())}
    for _twice in range(2):
        assert leader.post(path, said).status_code == 302
    assert TrustContest.objects.count() == 1
    refused = leader.post(path, {"words": "再说一次", "op_id": str(uuid.uuid4())})
    assert refused.status_code == 422 and "再说一次" in refused.content.decode()
    one = TrustContest.objects.get()
    assert f"/desk/trust/contests/{one.pk}/" in desk.get("/desk/initiatives/").content.decode()
    assert desk.get(f"/desk/trust/contests/{one.pk}/").url == f"/desk/trust/{koc().pk}/#contest-{one.pk}"
    address = f"/desk/trust/contests/{one.pk}/answer/"
    assert address in desk.get(f"/desk/trust/{koc().pk}/").content.decode()
    assert address not in client_of(staff("approver")).get(f"/desk/trust/{koc().pk}/").content.decode()
    wrong = desk.post(address, {"reason": "维护记录在这里"})
    assert wrong.status_code == 422 and "维护记录在这里" in wrong.content.decode()
    assert desk.post(address, {"to": "kept", "reason": "维护记录在这里"}).status_code == 302
    page = leader.get("/initiatives/trust/").content.decode()
    assert "维护记录在这里" in page and "¥3,000" in page and path not in page
    assert submitted(asks=asked(300_000), title="下一次").small is True


def test_who_answers_second_keeps_the_text_and_reads_why():
    one = contested(broken())
    desk, said = client_of(approver()), {"to": "kept", "reason": "维护记录在这里"}
    answered(one, "stands", by=approver("third"))
    late_answer = desk.post(f"/desk/trust/contests/{one.pk}/answer/", said)
    page = late_answer.content.decode()
    assert (
        late_answer.status_code == 422 and "维护记录在这里" in page and "已经有答复了" in page and "我们查到了" in page
    )
    assert client_of(approver()).get(f"/desk/trust/{koc().pk}/").content.decode().count("<textarea") == 0


def test_an_answer_survives_a_lost_sign_in():
    one, client = contested(broken()), client_of(None)
    sent = client.post(f"/desk/trust/contests/{one.pk}/answer/", {"to": "kept", "reason": "维护记录在这里"})
    assert sent.status_code == 302 and f"/desk/trust/contests/{one.pk}/" in sent.url
    client.force_login(approver())
    assert "维护记录在这里" in client.get(f"/desk/trust/{koc().pk}/").content.decode()


def test_at_the_most_the_page_says_so_in_words(monkeypatch):
    kept()
    told, path = "最高不超过 ¥2,500。", "/initiatives/trust/"
    assert not formula(found())["is_capped"] and told not in client_of(koc()).get(path).content.decode()
    for module in ("tasks.rules.trust", "tasks.queries.trust"):
        monkeypatch.setattr(f"{module}.MOST_MINOR", 250_000)
    assert formula(found())["is_capped"] and told in client_of(koc()).get(path).content.decode()


def test_the_envelope_of_others_is_for_approvers():
    broken()
    path = f"/desk/trust/{koc().pk}/"
    for who, status in ((approver(), 200), (staff("operator"), 404), (staff("finance"), 404), (koc(), 404)):
        assert client_of(who).get(path).status_code == status
    assert client_of(None).get("/initiatives/trust/").status_code == 302
    assert client_of(make_member("lin")).get("/initiatives/trust/").status_code == 200


def test_approvers_see_it_beside_a_proposal_with_the_ceiling_of_that_day():
    kept()
    made = submitted(asks=asked(300_000), title="下一次")
    page = client_of(approver()).get(f"/desk/initiatives/{made.pk}/").content.decode()
    assert f"/desk/trust/{koc().pk}/" in page and "¥3,000" in page
    assert (
        f"/desk/trust/{koc().pk}/"
        not in client_of(staff("operator")).get(f"/desk/initiatives/{made.pk}/").content.decode()
    )


def test_words_survive_a_lost_sign_in():
    made = broken()
    client = client_of(None)
    answer = client.post(f"/initiatives/trust/{made.pk}/report/", {"words": "那天在抢修"})
    assert answer.status_code == 302
    client.force_login(koc())
    assert "那天在抢修" in client.get("/initiatives/trust/").content.decode()


def test_who_contests_what_is_not_theirs_reads_why_and_changes_nothing():
    made = broken()
    answer = client_of(make_member("lin")).post(f"/initiatives/trust/{made.pk}/report/", {"words": "不对"})
    assert answer.status_code == 422 and "只有本人可以" in answer.content.decode()
    assert client_of(koc()).post(f"/initiatives/trust/{made.pk}/applause/", {"words": "不对"}).status_code == 404
    assert not TrustContest.objects.exists()


def test_the_page_costs_the_same_for_one_initiative_and_for_many():
    kept()
    leader, path = client_of(koc()), "/initiatives/trust/"
    few = cost(leader, path)
    for number in range(4):
        broken(title=f"第 {number} 次")
    assert cost(leader, path) == few == 10


# --- JSON


def test_the_own_envelope_in_json_with_every_promise():
    made = broken()
    assert api(None).get("/api/v1/me/trust/").status_code in (401, 403)
    told = api(koc()).get("/api/v1/me/trust/").json()
    assert (told["ceiling_minor"], told["kept"], told["broken"], told["currency"]) == (200_000, 1, 1, "CNY")
    assert {one["kind"]: one["state"] for one in told["promises"]} == {"event": "kept", "report": "broken"}
    assert {one["initiative"] for one in told["promises"]} == {made.pk}


def test_contesting_and_answering_in_json():
    made, leader, other = broken(), api(koc()), api(approver())
    path, op_id = "/api/v1/me/trust/contests/", str(uuid.uuid4())
    said = {"initiative": made.pk, "kind": "report", "words": "系统没收到", "op_id": op_id}
    assert api(make_member("lin")).post(path, said, format="json").status_code == 403
    assert leader.post(path, {**said, "words": ""}, format="json").status_code == 400
    assert leader.post(path, {**said, "initiative": 10**9}, format="json").json().keys() == {"initiative"}
    first = leader.post(path, said, format="json")
    assert (first.status_code, leader.post(path, said, format="json").status_code) == (201, 200)
    assert leader.post(path, {**said, "op_id": str(uuid.uuid4())}, format="json").status_code == 409
    answer = f"{path}{first.json()['id']}/answer/"
    assert api(staff("operator")).post(answer, {"to": "kept", "reason": "对"}, format="json").status_code == 404
    assert leader.post(answer, {"to": "kept", "reason": "对"}, format="json").status_code == 403
    assert other.post(answer, {"to": "open", "reason": "对"}, format="json").status_code == 400
    assert other.post(answer, {"to": "left_out", "reason": "对"}, format="json").json()["state"] == "left_out"
    assert other.post(answer, {"to": "kept", "reason": "对"}, format="json").status_code == 409
    for wrong in ("9" * 5000, "²", True, 2**63, -1, None, [made.pk]):
        refused = leader.post(path, {**said, "initiative": wrong}, format="json")
        assert refused.status_code == 400 and set(refused.json()) == {"initiative"}
    assert len(leader.get(path).json()["results"]) == 1 == len(other.get(path).json()["results"])
    assert api(member("su")).get(path).json()["results"] == []
