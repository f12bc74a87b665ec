"""After a room: minutes that everybody answers, what is left to be done, and words among those who met."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.notifications.models import Notification
from tasks.actions.minutes import (
    answer_minutes,
    correct_minutes,
    draft_minutes,
    reply_to_objection,
    sign_due,
    sign_minutes,
)
from tasks.actions.moves import move_task
from tasks.actions.presence import note_presence
from tasks.actions.reports import report_task
from tasks.actions.room_results import move_result, remind_of_results, take_up_result
from tasks.actions.room_words import ask_for_thanks, speak_after, take_back_word
from tasks.models import Minutes, MinutesAnswer, RoomResult, RoomWord, Seat, Task, Workshop
from tasks.queries.minutes import Answers, answers_of, draft_of
from tasks.queries.presence import who_came
from tasks.queries.progress import progress_of
from tasks.queries.room_results import carried_into
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.workshops import does, goes_to, person, room, workshop_of

pytestmark = pytest.mark.django_db


def ended_room(**values) -> Workshop:
    """A group that was chosen, one that was rejected with a dissent, and something that somebody promised."""
    make_staff("engineer")
    here = room(("zhou", "he", "engineer"), **values)
    does(here, "zhou", "note.add", text="先响一声再说话")
    goes_to(here, "cluster")
    chosen = does(here, "zhou", "group.add", name="声音", notes=[2]).seq
    other = does(here, "he", "group.add", name="灯").seq
    does(here, "he", "note.add", text="闪两下")
    goes_to(here, "vote")
    for name in ("zhou", "he", "engineer"):
        does(here, name, "vote.cast", on=chosen)
    goes_to(here, "decide")
    does(here, "researcher", "decision.make", group=chosen, verdict="chosen", why="三个人都要")
    does(here, "researcher", "decision.make", group=other, verdict="rejected", why="夜里刺眼")
    does(here, "he", "decision.dissent", group=other, text="白天看不见别的")
    does(
        here, "researcher", "action.add", text="录三种声音", owner=person("engineer").pk, due="2027-01-20", group=chosen
    )
    goes_to(here, "ended")
    return workshop_of(here.task)


def with_minutes(**values) -> tuple[Workshop, Minutes]:
    here = ended_room(**values)
    return here, draft_minutes(workshop=here)


def answers(minutes: Minutes) -> Answers:
    return answers_of(minutes, 0, who_came(minutes.workshop))


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("member__username", flat=True))


def test_minutes_say_what_the_log_says_and_nothing_else():
    here, _minutes = with_minutes()
    draft = draft_of(here, for_host=True, came=who_came(here))
    first, second = draft.points
    assert (first.name, first.owners, first.staff, first.verdict, first.why) == ("声音", 2, 1, "chosen", "三个人都要")
    assert first.notes == ["先响一声再说话"] and draft.loose == ["闪两下"]
    assert (second.verdict, second.dissent) == ("rejected", [(person("he").name, "白天看不见别的")])
    assert draft.actions == [("录三种声音", person("engineer").name, "2027-01-20")]
    there = {name for name, _role, _spent in draft.present}
    assert there == {person(name).name for name in ("researcher", "engineer", "zhou", "he")}


def test_the_end_of_a_room_drafts_its_minutes_and_asks_those_who_were_there(run_deliveries):
    here = ended_room()
    run_deliveries()
    minutes = Minutes.objects.get(workshop=here)
    assert minutes.due_at - minutes.drafted_at == timedelta(hours=72)
    assert told("minutes.wait") == {"researcher", "zhou", "he", "engineer"}
    assert not answers(minutes).given and len(answers(minutes).missing) == 4


def test_who_was_not_there_is_not_asked(run_deliveries):
    here = room(("zhou", "he"))
    does(here, "zhou", "note.add", text="一")
    goes_to(here, "ended")
    run_deliveries()
    assert told("minutes.wait") == {"researcher", "zhou"}
    minutes = Minutes.objects.get(workshop=here)
    make_member("stranger")
    with pytest.raises(Forbidden):
        answer_minutes(by=person("stranger"), minutes=minutes, verdict="confirm")


def test_everybody_confirms_and_a_host_signs(run_deliveries):
    _here, minutes = with_minutes()
    host = person("researcher")
    for name in ("zhou", "he", "engineer"):
        answer_minutes(by=person(name), minutes=minutes, verdict="confirm")
    with pytest.raises(Conflict):  # the host was there as well
        sign_minutes(by=host, minutes=minutes)
    answer_minutes(by=host, minutes=minutes, verdict="confirm")
    with pytest.raises(Forbidden):
        sign_minutes(by=person("zhou"), minutes=minutes)
    signed = sign_minutes(by=host, minutes=minutes)
    assert signed.signed_at and signed.signed_by == host
    for again in (
        lambda: answer_minutes(by=person("zhou"), minutes=minutes, verdict="object", text="不对"),
        lambda: correct_minutes(by=host, minutes=minutes, remarks="补一句", version=1),
        lambda: sign_minutes(by=host, minutes=minutes),
    ):
        with pytest.raises(Conflict):
            again()
    run_deliveries()
    assert told("minutes.signed") == {"zhou", "he", "engineer"}


def test_an_objection_says_how_it_was_and_waits_for_a_reply(run_deliveries):
    _here, minutes = with_minutes()
    host = person("researcher")
    with pytest.raises(Invalid):
        answer_minutes(by=person("he"), minutes=minutes, verdict="object", text=" ")
    answer = answer_minutes(by=person("he"), minutes=minutes, verdict="object", text="灯没有被否，是暂缓")
    for name in ("zhou", "engineer", "researcher"):
        answer_minutes(by=person(name), minutes=minutes, verdict="confirm")
    with pytest.raises(Conflict):
        sign_minutes(by=host, minutes=minutes)
    with time_machine.travel(timezone.now() + timedelta(hours=80)):
        assert sign_due() == 0  # time alone does not pass over an objection
    reply_to_objection(by=host, answer=answer, reply="回放里是否决，你的话记在这里")
    assert sign_minutes(by=host, minutes=minutes).signed_at
    run_deliveries()
    assert told("minutes.objected") == {"researcher"} and told("minutes.replied") == {"he"}


def test_who_does_not_answer_in_three_days_holds_nobody_up(run_deliveries):
    _here, minutes = with_minutes()
    answer_minutes(by=person("zhou"), minutes=minutes, verdict="confirm")
    assert sign_due() == 0
    # The database's own clock decides, so its rows are moved and not the clock.
    Minutes.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert (sign_due(), sign_due()) == (1, 0)
    minutes.refresh_from_db()
    assert minutes.signed_at and minutes.signed_by is None
    assert answers(minutes).missing == {person(name).pk for name in ("he", "engineer", "researcher")}


def test_a_correction_is_a_new_version_and_gives_a_day_to_read_it(run_deliveries):
    _here, minutes = with_minutes()
    host = person("researcher")
    answer_minutes(by=person("zhou"), minutes=minutes, verdict="confirm")
    Minutes.objects.update(due_at=timezone.now() + timedelta(hours=1))
    minutes.refresh_from_db()
    corrected = correct_minutes(by=host, minutes=minutes, remarks="声音的方案下周给大家听。", version=1)
    assert corrected.version == 2 and corrected.due_at > timezone.now() + timedelta(hours=23)
    with pytest.raises(Conflict):
        correct_minutes(by=host, minutes=minutes, remarks="另一个窗口写的", version=1)
    with pytest.raises(Forbidden):
        correct_minutes(by=person("zhou"), minutes=minutes, remarks="改一改", version=2)
    assert MinutesAnswer.objects.get(member=person("zhou")).version == 1  # what was confirmed is known
    run_deliveries()
    assert told("minutes.corrected") == {"zhou", "he", "engineer"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_objection_in_the_moment_of_signing_is_either_in_time_or_refused():
    _here, minutes = with_minutes()
    Minutes.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    he = person("he")
    done = at_once(
        lambda: sign_due(),
        lambda: answer_minutes(by=he, minutes=minutes, verdict="object", text="不是这样"),
    )
    minutes.refresh_from_db()
    objected = MinutesAnswer.objects.open_objections().filter(minutes=minutes).exists()
    assert bool(minutes.signed_at) != objected
    assert isinstance(done[1], Conflict) == bool(minutes.signed_at)


def closed(here: Workshop):
    by = person("researcher")
    move_task(by=by, task=here.task, to="analysed", expected="closed")
    here.task.refresh_from_db()
    return by, here.task


def test_w19_a_room_is_not_reported_while_a_chosen_group_has_no_answer():
    here = ended_room()
    by, task = closed(here)
    with pytest.raises(Invalid) as refused:  # also before the minutes are there
        report_task(by=by, task=task, expected="analysed", changed="我们先做声音。")
    assert "声音" in str(refused.value)
    draft_minutes(workshop=here)
    with pytest.raises(Invalid):
        report_task(by=by, task=task, expected="analysed", changed="我们先做声音。")
    chosen = RoomResult.objects.get(kind="chosen")
    with pytest.raises(Invalid):
        move_result(by=by, result=chosen, to="dropped", expected="open")
    move_result(by=by, result=chosen, to="dropped", expected="open", reason="扬声器的供应商换了")
    assert report_task(by=by, task=task, expected="analysed", unchanged="声音要等新扬声器。").pk


def test_w19_a_ticket_answers_a_chosen_group(run_deliveries):
    here, _minutes = with_minutes()
    by, task = closed(here)
    chosen = RoomResult.objects.get(kind="chosen")
    take_up_result(by=by, result=chosen)
    chosen.refresh_from_db()
    first = chosen.taken_up_at
    take_up_result(by=by, result=chosen)
    chosen.refresh_from_db()
    assert chosen.taken_up_at == first
    assert report_task(by=by, task=task, expected="analysed", changed="声音已经在做。").pk


def test_what_was_promised_moves_by_who_promised_it_from_what_they_saw(run_deliveries):
    here, _minutes = with_minutes()
    promised = RoomResult.objects.get(kind="action")
    assert (promised.owner, promised.why, str(promised.due)) == (person("engineer"), "声音", "2027-01-20")
    with pytest.raises(Forbidden):
        move_result(by=person("zhou"), result=promised, to="done", expected="open")
    move_result(by=person("engineer"), result=promised, to="doing", expected="open")
    with pytest.raises(Conflict):
        move_result(by=person("researcher"), result=promised, to="done", expected="open")
    move_result(by=person("researcher"), result=promised, to="done", expected="doing")
    run_deliveries()
    assert told("result.moved") == {"engineer"}
    assert not RoomResult.objects.visible_to(make_member("stranger")).exists()
    assert RoomResult.objects.visible_to(person("zhou")).filter(workshop=here).count() == 2


def test_who_promised_something_is_reminded_once_when_it_is_due(run_deliveries):
    with_minutes()
    assert remind_of_results() == 0
    RoomResult.objects.filter(kind="action").update(due=timezone.localdate() + timedelta(days=1))
    assert (remind_of_results(), remind_of_results()) == (1, 0)
    run_deliveries()
    assert told("result.due") == {"engineer"}


def test_what_is_unfinished_is_on_the_table_of_the_next_room():
    here, _minutes = with_minutes()
    second, third = room(("zhou",)), room(("zhou",))
    Task.objects.filter(pk=second.task_id).update(parent=here.task_id)
    Task.objects.filter(pk=third.task_id).update(parent=second.task_id)
    third = workshop_of(Task.objects.get(pk=third.task_id))
    assert [one.title for one in carried_into(third)] == ["录三种声音", "声音"]
    for one in carried_into(third):
        move_result(by=person("researcher"), result=one, to="done", expected="open")
    assert carried_into(third) == []


def test_those_who_met_stay_in_touch_and_nobody_else_reads_it(run_deliveries):
    here, _minutes = with_minutes()
    with pytest.raises(Forbidden):
        speak_after(by=person("zhou"), workshop=here, text="谢谢大家", kind="thanks")
    word = speak_after(by=person("zhou"), workshop=here, text="路上还在想那个声音。")
    speak_after(by=person("engineer"), workshop=here, text="谢谢你们，周三的录音我带回去了。", kind="thanks")
    stranger, colleague = make_member("stranger"), make_staff("colleague", role="researcher")
    for outside in (stranger, colleague):
        assert not RoomWord.objects.visible_to(outside).exists()
        with pytest.raises(Forbidden):
            speak_after(by=outside, workshop=here, text="我也想说")
    assert RoomWord.objects.visible_to(person("he")).count() == 2
    run_deliveries()
    assert told("room.word") == {"researcher", "he", "engineer"} and told("room.thanks") == {"researcher", "zhou", "he"}
    with pytest.raises(Forbidden):
        take_back_word(by=person("he"), word=word)
    take_back_word(by=person("zhou"), word=word)
    word.refresh_from_db()
    assert word.text == "" and word.removed_at


def test_nobody_speaks_after_a_room_that_is_still_open():
    here = room()
    with pytest.raises(Conflict):
        speak_after(by=person("zhou"), workshop=here, text="先说一句")


def test_hosts_are_asked_once_to_see_to_a_word_of_thanks(run_deliveries):
    here, _minutes = with_minutes()
    Minutes.objects.update(signed_at=timezone.now() - timedelta(days=4))
    assert (ask_for_thanks(), ask_for_thanks()) == (1, 0)
    run_deliveries()
    assert told("room.thanks_owed") == {"researcher"}
    Minutes.objects.update(thanks_asked_at=None)
    speak_after(by=person("engineer"), workshop=here, text="谢谢", kind="thanks")
    assert ask_for_thanks() == 0


def test_who_only_listened_for_a_minute_did_not_take_part_and_who_stayed_did():
    here = room(("zhou", "he", "su"))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        note_presence(workshop=here, here={person("zhou").pk, person("he").pk})
        clock.shift(60)
        note_presence(workshop=here, here={person("zhou").pk}, gone={person("he").pk})
        for _beat in range(60):
            clock.shift(15)
            note_presence(workshop=here, here={person("zhou").pk})
        goes_to(here, "ended")
    assert set(here.task.participations.values_list("member__username", flat=True)) == {"researcher", "zhou"}


def test_who_comes_in_only_after_the_end_was_not_there_and_who_was_at_the_door_was():
    here = room(("zhou", "he", "su"))
    does(here, "zhou", "note.add", text="一")
    Seat.objects.filter(workshop=here, member=person("su")).update(checked_in_at=timezone.now())
    goes_to(here, "ended")
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        note_presence(workshop=here, here={person("he").pk})
    minutes = draft_minutes(workshop=workshop_of(here.task))
    assert answers(minutes).missing == {person(name).pk for name in ("researcher", "zhou", "su")}


def test_colleagues_in_the_room_do_not_count_as_owners_who_came():
    here = ended_room()
    progress = progress_of(Task.objects.select_related("audience").get(pk=here.task_id))
    assert progress.answered == 4 and progress.of_audience <= progress.size and progress.rate <= 1
