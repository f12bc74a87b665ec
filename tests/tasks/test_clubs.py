"""Clubs: founded by who has standing, with a board of their own; joined, left, handed over."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.models import Board
from kocforum.garage.models import VehicleModel
from kocforum.members.models import Member
from tasks.actions.clubs import found_club, hand_over_club, join_club, leave_club, take_the_lead
from tasks.actions.leaving import forget_member
from tasks.models import Club, ClubMembership
from tests.at_once import at_once
from tests.people import make_catalogue, make_koc, make_member, make_staff
from tests.tasks.test_initiative_reports import held_event
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db


def club(by: Member | None = None, **values) -> Club:
    return found_club(by=by or make_koc(), **{"name": "苏州远山车友会", "city": "苏州", **values})


def test_a_club_has_a_leader_and_a_board_of_its_own_from_the_first_moment():
    zhou = make_koc()
    made = club(zhou, about="每月一次慢行。")
    assert made.leader == zhou and made.slug == "su-zhou-yuan-shan-che-you-hui"
    assert list(ClubMembership.objects.values_list("member", flat=True)) == [zhou.pk]
    assert made.board.parent.slug == "clubs" and made.board.parent.only_staff_opens
    thread = open_thread(by=make_member("he"), board=made.board, title="周末去太湖", body="早上八点出发。")
    assert thread.title in client_of().get(f"/clubs/{made.slug}/").content.decode()
    assert client_of().get(f"/boards/{made.board.slug}/").status_code == 200


def test_two_clubs_of_one_sound_have_addresses_of_their_own():
    zhou = make_koc()
    slugs = [club(zhou, name=name).slug for name in ("远山会", "远山汇", "远山绘")]
    assert slugs == ["yuan-shan-hui", "yuan-shan-hui-2", "yuan-shan-hui-3"]
    assert Board.objects.filter(parent__slug="clubs").count() == 3


@pytest.mark.parametrize("level", ["", "candidate", "koc"])
def test_who_has_no_standing_founds_no_club(level):
    with pytest.raises(Forbidden):
        club(make_member("lin", koc_level=level))
    assert not Club.objects.exists() and not Board.objects.filter(slug="clubs").exists()


def test_colleagues_found_no_club():
    with pytest.raises(Forbidden):
        club(make_staff("admin", role="admin", koc_level="leader"))


@pytest.mark.parametrize("values", [{"name": " "}, {"city": ""}])
def test_a_club_has_a_name_and_something_in_common(values):
    with pytest.raises(Invalid) as refused:
        club(**values)
    assert set(refused.value.fields) == set(values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Club.objects.create(slug="x", name="x", board=Board.objects.create(slug="x", name="x"))


def test_the_same_op_id_founds_one_club():
    zhou, op_id = make_koc(), uuid.uuid4()
    assert club(zhou, op_id=op_id) == club(zhou, op_id=op_id)
    with pytest.raises(Invalid):
        club(zhou)


def test_one_joins_once_and_leaves():
    made, he = club(), make_member("he")
    join_club(by=he, club=made)
    join_club(by=he, club=made)
    assert made.memberships.count() == 2
    leave_club(by=he, club=made)
    leave_club(by=he, club=made)
    assert made.memberships.count() == 1


def test_a_leader_hands_over_before_leaving():
    zhou, he = make_koc(), make_member("he")
    made = club(zhou)
    with pytest.raises(Conflict):
        leave_club(by=zhou, club=made)
    with pytest.raises(Invalid):
        hand_over_club(by=zhou, club=made, to=he)  # does not belong to it
    join_club(by=he, club=made)
    with pytest.raises(Forbidden):
        hand_over_club(by=he, club=made, to=he)
    made = hand_over_club(by=zhou, club=made, to=he)
    leave_club(by=zhou, club=made)
    assert made.leader == he and made.memberships.count() == 1


def test_a_club_whose_leader_left_the_community_is_led_on_by_a_member_with_standing():
    zhou, su, he = make_koc(), make_koc("su"), make_member("he")
    made = club(zhou)
    join_club(by=su, club=made)
    join_club(by=he, club=made)
    forget_member(member_id=zhou.pk)
    made.refresh_from_db()
    assert made.leader is None and made.memberships.count() == 2
    with pytest.raises(Forbidden):
        take_the_lead(by=he, club=made)
    assert take_the_lead(by=su, club=made).leader == su
    with pytest.raises(Forbidden):
        take_the_lead(by=su, club=made)


def test_the_pages_found_join_and_leave():
    make_catalogue()
    koc, he = client_of(make_koc()), client_of(make_member("he"))
    model = VehicleModel.objects.get(slug="S7").pk
    filled = {"op_id": uuid.uuid4(), "name": "远山 S7 苏州", "city": "苏州", "model": model, "about": ""}
    made = koc.post("/clubs/new/", filled)
    assert made.url == f"/clubs/{Club.objects.get().slug}/"
    assert koc.post("/clubs/new/", {**filled, "op_id": uuid.uuid4()}).status_code == 422
    assert he.get("/clubs/new/").url == "/clubs/"
    assert "/clubs/new/" in koc.get("/clubs/").content.decode()
    assert "/clubs/new/" not in he.get("/clubs/").content.decode()
    he.post(f"{made.url}join/")
    assert Club.objects.with_size().get().size == 2
    he.post(f"{made.url}leave/")
    assert Club.objects.with_size().get().size == 1
    assert client_of().post(f"{made.url}join/").url.startswith("/accounts/login/")


def test_a_list_of_clubs_costs_the_same_for_one_and_for_many():
    zhou = make_koc()
    club(zhou)
    visitor, member = client_of(), client_of(make_member("he"))
    counts = cost(visitor, "/clubs/"), cost(member, "/clubs/")
    for number in range(8):
        club(zhou, name=f"第 {number} 车友会", city="上海")
    assert (cost(visitor, "/clubs/"), cost(member, "/clubs/")) == counts == (3, 6)
    assert visitor.get("/clubs/?city=上海").context["page"].paginator.count == 8


def test_a_clubs_page_costs_the_same_for_one_member_and_for_many():
    made = club()
    count = cost(client_of(), f"/clubs/{made.slug}/")
    for number in range(8):
        join_club(by=make_member(f"owner{number}"), club=made)
    assert cost(client_of(), f"/clubs/{made.slug}/") == count == 6


def test_a_club_shows_the_days_it_was_part_of():
    made = club(make_koc("zhou"))
    event = held_event("lin")
    event.initiative.clubs.add(made)
    assert event.title in client_of().get(f"/clubs/{made.slug}/").content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_club_is_handed_over_to_one_even_when_two_hands_are_at_it_at_once():
    zhou, su, he = make_koc(), make_koc("su"), make_member("he")
    made = club(zhou)
    for one in (su, he):
        join_club(by=one, club=made)
    results = at_once(*(lambda to=to: hand_over_club(by=zhou, club=Club.objects.get(), to=to) for to in (su, he)))
    assert sum(isinstance(one, Club) for one in results) == 1
    assert sum(isinstance(one, (Conflict, Forbidden)) for one in results) == 1
