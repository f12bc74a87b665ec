"""The door of a meeting in person: who keeps it, one tap for each, the code on the screen, seats of who is late, who never came (W18)."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.check_ins import check_in, check_in_for, explain_missing, let_in, mark_missed, undo_check_in
from tasks.actions.rooms import open_room
from tasks.actions.workshops import give_up_seat, take_seat
from tasks.models import Participation, Seat, Stay, Workshop
from tasks.queries.calendar_files import as_calendar
from tasks.queries.check_ins import door_of
from tasks.rules.check_ins import code_of, is_code_good
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.test_pages import client_of, cost
from tests.tasks.workshops import does, goes_to, invited_workshop, person, workshop_of

pytestmark = pytest.mark.django_db


def met(names: tuple[str, ...] = ("zhou", "he", "ma"), begun: bool = False, **values) -> Workshop:
    """A meeting in person; everybody said yes in this order, so that who does not fit waits."""
    values = {"meeting": "in_person", "place": "上海，河边 3 号", "seats": 2, **values}
    here = invited_workshop(names, starts_at=timezone.now() + timedelta(minutes=10), **values)
    for name in names:
        take_seat(by=person(name), workshop=here, consent=True)
    if begun:
        Workshop.objects.filter(pk=here.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    return workshop_of(here.task)


def seat(here: Workshop, name: str) -> Seat:
    return Seat.objects.get(workshop=here, member=person(name))


def told_of(name: str) -> int:
    return Fact.objects.filter(name__endswith=name).count()


def test_one_tap_checks_in_and_another_takes_it_back():
    here, host = met(), client_of(person("researcher"))
    path = f"/tasks/workshops/{here.task_id}/door/"
    assert [one.member.username for one in host.get(path).context["door"].missing] == ["he", "researcher", "zhou"]
    for _twice in range(2):
        host.post(f"{path}do/", {"member": person("zhou").pk})
    assert seat(here, "zhou").checked_in_at and told_of("CheckedIn") == 1
    door = host.get(path).context["door"]
    assert [one.member.username for one in door.here] == ["zhou"] and (door.arrived, door.total) == (1, 3)
    host.post(f"{path}do/", {"member": person("zhou").pk, "do": "undo"})
    assert seat(here, "zhou").checked_in_at is None and seat(here, "zhou").state == "accepted"
    assert told_of("CheckInUndone") == 1
    host.post(f"{path}do/", {"member": person("ma").pk})  # who waits has no seat to tap
    assert seat(here, "ma").checked_in_at is None
    assert host.post(f"{path}do/", {"member": "x"}).status_code == 302
    found = host.get(f"{path}?q=ZHO").context["door"]
    assert [one.member.username for one in found.missing] == ["zhou"] and not found.waiting


def test_hosts_and_the_scribe_keep_the_door_and_nobody_else_sees_it():
    make_staff("scribbler")
    here = met(scribes=("scribbler",))
    path = f"/tasks/workshops/{here.task_id}/door/"
    assert client_of(person("scribbler")).get(path).status_code == 200
    assert seat(here, "scribbler").role == "scribe"
    for name in ("zhou", "ma"):
        assert client_of(person(name)).get(path).status_code == 404
        assert client_of(person(name)).get(f"{path}code/").status_code == 404
    assert client_of(make_member("passer")).get(path).status_code == 404
    with pytest.raises(Forbidden):
        check_in_for(by=person("zhou"), workshop=here, member=person("zhou"))
    online = invited_workshop(("zhou",), title="在线的一次")
    assert client_of(person("researcher")).get(f"/tasks/workshops/{online.task_id}/door/").status_code == 404


def test_the_code_on_the_screen_lets_who_scans_it_say_to_be_here():
    here, host, zhou = met(), client_of(person("researcher")), client_of(person("zhou"))
    screen = host.get(f"/tasks/workshops/{here.task_id}/door/code/")
    digits = screen.context["code"].digits
    assert len(digits) == 6 and digits in screen.content.decode() and "<svg" in screen.content.decode()
    path = f"/tasks/workshops/{here.task_id}/here/"
    assert f'value="{digits}"' in zhou.get(f"{path}?code={digits}").content.decode()
    assert seat(here, "zhou").checked_in_at is None  # looking writes nothing
    wrong = "000000" if digits != "000000" else "111111"
    for code in (wrong, "", "１２３", "x" * 50):
        assert zhou.post(path, {"code": code}).status_code == 422
    spaced = f"{digits[:3]} {digits[3:]}"
    assert zhou.post(path, {"code": spaced}).status_code == 302 and seat(here, "zhou").checked_in_at
    assert "data-here" not in zhou.get(path).content.decode() and zhou.get(path).context["seat"].checked_in_at
    assert client_of(person("ma")).post(path, {"code": digits}).status_code == 422  # who waits tells the host
    assert client_of(make_member("passer")).get(path).status_code == 404


def test_a_code_is_good_for_some_minutes_and_for_one_room_only():
    here, other, now = met(), met(("lin",), title="另一次"), timezone.now()
    code = code_of(here, now)
    assert is_code_good(here, code, now + timedelta(minutes=4))
    assert not is_code_good(here, code, now + timedelta(minutes=6))
    assert not is_code_good(here, code, now - timedelta(minutes=2))
    assert code_of(other, now) != code or code_of(other, now + timedelta(minutes=1)) != code_of(
        here, now + timedelta(minutes=1)
    )
    with pytest.raises(Invalid):
        check_in(by=person("zhou"), workshop=here, code=code_of(here, now - timedelta(minutes=10)))


def test_a_free_seat_goes_to_who_waits_and_stands_at_the_door():
    here = met(("zhou", "he"))
    Workshop.objects.filter(pk=here.pk).update(seats=3)
    make_member("ma")
    from tasks.actions.workshops import invite

    invite(by=person("researcher"), workshop=here, usernames=["ma"])
    take_seat(by=person("ma"), workshop=here, consent=True)
    Seat.objects.filter(workshop=here, member=person("ma")).update(state="standby")
    Workshop.objects.filter(pk=here.pk).update(taken=2)
    let_in(by=person("researcher"), workshop=workshop_of(here.task), member=person("ma"))
    assert seat(here, "ma").state == "accepted" and seat(here, "ma").checked_in_at
    assert workshop_of(here.task).taken == 3 and told_of("LetIn") == 1


def test_from_the_beginning_on_who_waits_may_have_the_seat_of_who_is_not_there(run_deliveries):
    here = met()
    host = person("researcher")
    with pytest.raises(Conflict):  # all are taken, and it has not begun
        let_in(by=host, workshop=here, member=person("ma"))
    with pytest.raises(Conflict):
        let_in(by=host, workshop=here, member=person("ma"), instead_of=person("zhou"))
    Workshop.objects.filter(pk=here.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    here = workshop_of(here.task)
    check_in_for(by=host, workshop=here, member=person("he"))
    with pytest.raises(Conflict):  # he is there
        let_in(by=host, workshop=here, member=person("ma"), instead_of=person("he"))
    with pytest.raises(Conflict):  # a host's seat is nobody's to give
        let_in(by=host, workshop=here, member=person("ma"), instead_of=host)
    page = client_of(host).get(f"/tasks/workshops/{here.task_id}/door/").content.decode()
    assert 'name="instead_of"' in page
    client_of(host).post(
        f"/tasks/workshops/{here.task_id}/door/do/",
        {"do": "let_in", "member": person("ma").pk, "instead_of": person("zhou").pk},
    )
    assert (seat(here, "ma").state, seat(here, "zhou").state) == ("accepted", "standby")
    assert seat(here, "zhou").released_at and workshop_of(here.task).taken == 2
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.SEAT_RELEASED, member=person("zhou")).exists()
    give_up_seat(by=person("ma"), workshop=here)  # had to go: who is late and waits moves up
    assert seat(here, "zhou").state == "accepted" and seat(here, "ma").checked_in_at is None


def test_who_is_in_the_room_from_home_is_not_absent():
    here = met(meeting="hybrid", begun=True)
    Stay.objects.create(workshop=here, member=person("zhou"))
    assert [one.member.username for one in door_of(here).elsewhere] == ["zhou"]
    with pytest.raises(Conflict):
        let_in(by=person("researcher"), workshop=here, member=person("ma"), instead_of=person("zhou"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_tap_at_once_check_in_once_and_one_seat_goes_to_one_person():
    make_staff("cohost")
    names = tuple(f"m{number}" for number in range(6))
    here = met(names, begun=True, cohosts=("cohost",))
    hosts = [person("researcher"), person("cohost")]
    late, waiting = person("m1"), [person(name) for name in names[2:]]
    at_once(*[lambda one=one: check_in_for(by=one, workshop=here, member=person("m0")) for one in hosts * 2])
    assert told_of("CheckedIn") == 1
    results = at_once(
        *[
            lambda one=one, by=hosts[n % 2]: let_in(by=by, workshop=here, member=one, instead_of=late)
            for n, one in enumerate(waiting)
        ]
    )
    assert sum(isinstance(one, Seat) for one in results) == 1
    assert all(isinstance(one, (Seat, Conflict)) for one in results), results
    assert workshop_of(here.task).taken == 2 == Seat.objects.filter(workshop=here, role="koc", state="accepted").count()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_gives_up_while_the_host_gives_the_seat_away_loses_it_once():
    for round_ in range(4):
        names = tuple(f"r{round_}m{number}" for number in range(3))
        here = met(names, begun=True, title=f"第 {round_} 次")
        late, waits = person(names[0]), person(names[2])
        results = at_once(
            lambda late=late, here=here: give_up_seat(by=late, workshop=here),
            lambda late=late, waits=waits, here=here: let_in(
                by=person("researcher"), workshop=here, member=waits, instead_of=late
            ),
        )
        assert all(isinstance(one, (Seat, Conflict)) for one in results), results
        assert seat(here, names[2]).state == "accepted"
        assert workshop_of(here.task).taken == 2 == here.list.filter(role="koc", state="accepted").count()


def test_the_database_keeps_the_door():
    here = met()
    for values in ({"checked_in_at": timezone.now()}, {"checked_in_at": timezone.now(), "missed_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.filter(workshop=here, member=person("ma")).update(**values)


def test_w18_who_had_a_seat_said_nothing_and_never_came_is_told_kindly_and_may_say_why(run_deliveries):
    here = met(("zhou", "he", "ma", "lin"), meeting="hybrid", seats=3)
    check_in_for(by=person("researcher"), workshop=here, member=person("zhou"))
    open_room(by=person("researcher"), workshop=here)
    Stay.objects.create(workshop=here, member=person("he"))  # listened from home
    run_deliveries()
    assert not Seat.objects.filter(missed_at__isnull=False).exists()
    goes_to(here, "ended")
    run_deliveries()
    assert [one.member.username for one in Seat.objects.filter(missed_at__isnull=False)] == ["ma"]
    assert mark_missed(workshop=workshop_of(here.task)) == 0 and told_of("SeatMissed") == 1
    assert list(Notification.objects.filter(kind=kinds.SEAT_MISSED).values_list("member__username", flat=True)) == [
        "ma"
    ]
    assert Participation.objects.filter(task=here.task, member=person("zhou")).exists()  # was there, typed nothing
    ma, page = client_of(person("ma")), f"/tasks/{here.task_id}/"
    assert 'name="why"' in ma.get(page).content.decode()
    for other in ("zhou", "lin"):
        assert 'name="why"' not in client_of(person(other)).get(page).content.decode()
    desk = client_of(person("researcher")).get(f"/desk/tasks/{here.task_id}/")
    assert [one.member.username for one in desk.context["missed"]] == ["ma"]
    make_staff("engineer", role="engineer")
    assert not client_of(person("engineer")).get(f"/desk/tasks/{here.task_id}/").context["missed"]
    assert Seat.objects.missed().count() == 1
    ma.post(f"/tasks/workshops/{here.task_id}/missed/", {"why": "孩子发烧了"})
    assert seat(here, "ma").missed_because == "孩子发烧了" and not Seat.objects.missed().exists()
    with pytest.raises(Forbidden):
        explain_missing(by=person("zhou"), workshop=here, words="我也没来")
    with pytest.raises(Invalid):
        explain_missing(by=person("ma"), workshop=here, words=" ")


def test_w18_who_said_so_before_or_whose_seat_was_given_away_and_came_is_no_miss(run_deliveries):
    here = met(("zhou", "he", "ma"), begun=True)
    give_up_seat(by=person("he"), workshop=here)  # ma moves up
    open_room(by=person("researcher"), workshop=here)
    does(here, "ma", "chat.say", text="我在")
    goes_to(here, "ended")
    run_deliveries()
    assert [one.member.username for one in Seat.objects.filter(missed_at__isnull=False)] == ["zhou"]


def test_w18_whose_seat_went_to_somebody_else_and_who_never_came_missed_it_too(run_deliveries):
    here = met(begun=True)
    host = person("researcher")
    let_in(by=host, workshop=here, member=person("ma"), instead_of=person("zhou"))
    check_in_for(by=host, workshop=here, member=person("he"))
    open_room(by=host, workshop=here)
    goes_to(here, "ended")
    run_deliveries()
    assert [one.member.username for one in Seat.objects.filter(missed_at__isnull=False)] == ["zhou"]


def test_a_meeting_that_was_never_opened_has_no_misses(run_deliveries):
    from tests.tasks.stories import moved

    here = met()
    moved(here.task, "closed")
    run_deliveries()
    assert not Seat.objects.filter(missed_at__isnull=False).exists()


def test_the_calendar_file_has_the_place_and_the_way_there():
    here = met(travel="地铁 2 号线河边站 3 口；打车票据实报。", zone="Asia/Shanghai", arrival_minutes=30)
    (event,) = icalendar.Calendar.from_ical(as_calendar(here)).walk("VEVENT")
    assert event["LOCATION"] == "上海，河边 3 号"
    assert (
        "地铁 2 号线" in event["DESCRIPTION"] and f"{timezone.localtime(here.arrive_at):%H:%M}" in event["DESCRIPTION"]
    )
    page = client_of(person("zhou")).get(f"/tasks/{here.task_id}/").content.decode()
    assert "地铁 2 号线" in page and "上海，河边 3 号" in page


def test_w17_the_page_shows_the_clocks_of_the_place():
    here = invited_workshop(("zhou",), zone="Europe/Berlin")
    page = client_of(person("zhou")).get(f"/tasks/{here.task_id}/").content.decode()
    from zoneinfo import ZoneInfo

    there = here.starts_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"{there:%H:%M}</time> · Europe/Berlin" in page and f"{timezone.localtime(here.starts_at):%H:%M}" in page


def test_the_door_costs_as_many_queries_however_many_come():
    few_here = met()
    host = client_of(person("researcher"))
    few = cost(host, f"/tasks/workshops/{few_here.task_id}/door/")
    many = met(tuple(f"m{number}" for number in range(20)), seats=15, title="人多的一次")
    assert cost(host, f"/tasks/workshops/{many.task_id}/door/") <= few <= 12


def test_undo_needs_somebody_who_keeps_the_door():
    here = met()
    check_in_for(by=person("researcher"), workshop=here, member=person("zhou"))
    with pytest.raises(Forbidden):
        undo_check_in(by=person("he"), workshop=here, member=person("zhou"))
    assert seat(here, "zhou").checked_in_at
