"""The opinion map: drawn from entries, voted on by owners, told in groups of five and more, none of a few people."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from kocforum.stats.opinions import FLOOR
from tasks import kinds
from tasks.actions.call_rounds import reveal
from tasks.actions.entries import withdraw_entry
from tasks.actions.leaving import forget_member
from tasks.actions.opinions import (
    cast_vote,
    draw_statement,
    moderate_statement,
    redraw_map,
    redraw_maps,
    remove_statement,
)
from tasks.models import Call, OpinionMap, Statement, StatementVote
from tasks.queries.calls import figures_of, listeners_of
from tasks.queries.opinion_maps import HEIGHT, WIDTH, Map, map_of
from tasks.queries.opinions import Ballot, ballot_of, statements_of
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.calls import again, call_of, given, open_call
from tests.tasks.stories import make_researcher, moved

pytestmark = pytest.mark.django_db
TEXTS = tuple(f"说法{number}：接管之前要先出声" for number in range(8))


def drawn(call: Call, by: Any = None, texts: tuple[str, ...] = TEXTS) -> list[Statement]:
    entry = call.entries.given().first() or given(call, "laotang")
    by = by or Member.objects.filter(username="researcher").first() or make_researcher()
    return [draw_statement(by=by, entry=again(entry), text=text) for text in texts]


def crowd(call: Call, sizes: tuple[int, ...], *, voted_on: int = 8, seed: int = 1) -> None:
    """So many people in each group. To the last two statements all say yes; to the others each group says its own."""
    statements = list(call.statements.order_by("pk"))
    dice = random.Random(seed)
    people = Member.objects.bulk_create(
        Member(username=f"crowd{group}-{n}", email=f"c{group}-{n}@example.org")
        for group, size in enumerate(sizes)
        for n in range(size)
    )
    rows = []
    for member in people:
        group = int(member.username[5])
        for place, statement in enumerate(statements[-voted_on:]):
            yes = place >= voted_on - 2 or place % len(sizes) == group
            if dice.random() < 0.06:
                yes = not yes
            rows.append(StatementVote(statement=statement, member=member, vote=1 if yes else -1))
    StatementVote.objects.bulk_create(rows)


def mapped(sizes: tuple[int, ...] = (26, 20), **values: Any) -> Call:
    call = open_call()
    drawn(call)
    crowd(call, sizes, **values)
    assert redraw_map(call=call)
    return call


def shown(call: Call, user: Any) -> Map:
    return map_of(call, user, statements_of(call, user))


def asked(call: Call, user: Any) -> Ballot:
    return ballot_of(statements_of(call, user), user)


def test_a_statement_is_drawn_from_an_entry_and_owners_vote():
    call, owner = open_call(), make_member("he")
    entry = given(call, "laotang")
    row = draw_statement(by=owner, entry=entry, text="  退出之前，\n要先出声  ")
    assert row.text == "退出之前， 要先出声"
    assert cast_vote(by=owner, statement=row, vote=1).vote == 1
    cast_vote(by=owner, statement=row, vote=-1)
    assert [vote.vote for vote in StatementVote.objects.all()] == [-1]
    assert statements_of(call, owner).get().own == -1
    assert statements_of(call, make_member("other")).get().own is None


@pytest.mark.parametrize("text", ["", "不行", "太长" * 71])
def test_a_statement_is_neither_empty_nor_an_essay(text):
    call = open_call()
    with pytest.raises(Invalid):
        draw_statement(by=make_member("he"), entry=given(call, "laotang"), text=text)


def test_the_same_statement_is_drawn_once():
    call = open_call()
    drawn(call, texts=TEXTS[:1])
    with pytest.raises(Invalid):
        draw_statement(by=make_member("he"), entry=again(call.entries.get()), text=TEXTS[0])


def test_one_member_draws_five_and_leaves_room():
    call, owner = open_call(), make_member("he")
    drawn(call, owner, TEXTS[:5])
    with pytest.raises(Conflict):
        drawn(call, owner, TEXTS[5:6])


def test_staff_read_the_map_and_do_not_vote():
    call = open_call()
    (row,) = drawn(call, texts=TEXTS[:1])
    with pytest.raises(Forbidden):
        cast_vote(by=make_staff("engineer"), statement=row, vote=1)


@pytest.mark.parametrize("vote", [2, -2, 10])
def test_a_vote_is_yes_no_or_pass(vote):
    (row,) = drawn(open_call(), texts=TEXTS[:1])
    with pytest.raises(Invalid):
        cast_vote(by=make_member("he"), statement=row, vote=vote)


def test_nothing_is_drawn_or_voted_on_under_a_seal():
    call = open_call(invitees=("zhou", "he"))
    entry = given(call, "zhou")
    with pytest.raises(Conflict):
        draw_statement(by=Member.objects.get(username="he"), entry=entry, text=TEXTS[0])
    reveal(by=make_researcher(), call=call)
    row = draw_statement(by=Member.objects.get(username="he"), entry=again(entry), text=TEXTS[0])
    assert list(statements_of(call_of(call.task), make_member("passer"))) == [row]


def test_after_the_end_nobody_votes():
    call, owner = open_call(), make_member("he")
    (row,) = drawn(call, texts=TEXTS[:1])
    moved(call.task, "closed")
    with pytest.raises(Conflict):
        cast_vote(by=owner, statement=row, vote=1)


def test_a_statement_is_taken_back_until_somebody_has_voted():
    call, owner = open_call(), make_member("he")
    one, other = drawn(call, owner, TEXTS[:2])
    with pytest.raises(Forbidden):
        remove_statement(by=make_member("passer"), statement=one)
    remove_statement(by=owner, statement=one)
    assert [row.pk for row in statements_of(call, owner)] == [other.pk]
    cast_vote(by=owner, statement=other, vote=0)
    with pytest.raises(Conflict):
        remove_statement(by=owner, statement=other)
    draw_statement(by=owner, entry=again(call.entries.get()), text=TEXTS[0])  # what was taken back can be said again


def test_a_hidden_statement_is_not_counted_and_its_drawer_reads_why(run_deliveries):
    call, owner = open_call(), make_member("he")
    one, _other = drawn(call, owner, TEXTS[:2])
    cast_vote(by=make_member("passer"), statement=one, vote=1)
    operator = make_staff("operator")
    with pytest.raises(Invalid):
        moderate_statement(by=operator, statement=one, hide=True)
    moderate_statement(by=operator, statement=one, hide=True, reason="一句话里说了两件事")
    run_deliveries()
    assert Notification.objects.get(kind=kinds.STATEMENT_HIDDEN).member_id == owner.pk
    assert redraw_map(call=call) and str(one.pk) not in OpinionMap.objects.get().drawing["all"]
    with pytest.raises(Conflict):
        cast_vote(by=owner, statement=Statement.objects.select_related("call__task").get(pk=one.pk), vote=1)
    moderate_statement(by=operator, statement=one, hide=False)
    redraw_map(call=call)
    assert OpinionMap.objects.get().drawing["all"][str(one.pk)] == [1, 0, 1]


def test_a_withdrawn_entry_takes_its_statements_along():
    call = mapped()
    author = call.entries.get().author
    withdraw_entry(by=author, entry=again(call.entries.get()))
    found = shown(call, author)
    assert found.lines == () and found.agreed == () and all(island.telling == () for island in found.islands)
    assert asked(call, author).total == 0


def test_groups_are_drawn_with_what_sets_them_apart_and_what_all_agree_on():
    call = mapped((26, 20))
    found = shown(call, make_member("he"))
    assert [island.size for island in found.islands] == [26, 20]
    assert {line.statement.text for line in found.agreed} == set(TEXTS[-2:])
    first = found.islands[0]
    assert {line.statement.text for line, _bar, _others in first.telling} <= set(TEXTS[:6])
    assert all(abs(bar.share - others) > 0.5 for _line, bar, others in first.telling)
    assert len(first.dots) == 26 and not any(island.mine for island in found.islands)
    for island in found.islands:
        assert 0 <= island.x <= WIDTH and 0 <= island.y <= HEIGHT


def test_each_sees_the_own_group_and_no_other():
    call = mapped((26, 20))
    one, other = (Member.objects.get(username=name) for name in ("crowd0-0", "crowd1-0"))
    assert [island.mine for island in shown(call, one).islands] == [True, False]
    assert [island.mine for island in shown(call, other).islands] == [False, True]
    assert "crowd" not in str(OpinionMap.objects.get().drawing)


def test_no_groups_under_the_floor_of_forty_people():
    call = mapped((20, FLOOR - 21))
    found = shown(call, make_member("he"))
    assert found.islands == () and found.missing == 1 and found.people == FLOOR - 1
    assert all(line.all for line in found.lines) and not found.agreed


def test_who_voted_on_few_is_counted_and_not_placed():
    call = mapped((30, 30), voted_on=6)
    found = shown(call, make_member("he"))
    assert found.people == 60 and found.placed == 0 and found.islands == ()


def test_fewer_than_five_votes_are_not_told():
    call = open_call()
    drawn(call, texts=TEXTS[:2])
    crowd(call, (4,), voted_on=2)
    redraw_map(call=call)
    assert all(line.all is None for line in shown(call, make_member("he")).lines)


def test_a_group_of_which_few_voted_on_a_statement_hides_all_groups_of_it():
    call = mapped((26, 20))
    row = OpinionMap.objects.get()
    name = next(iter(row.drawing["all"]))
    row.drawing["groups"][1]["said"][name] = [2, 2, 4, 0.1]
    row.save()
    (line,) = [line for line in shown(call, make_member("he")).lines if str(line.statement.pk) == name]
    assert line.groups == () and line.consensus == 0


def test_the_map_is_drawn_anew_only_when_something_has_changed():
    call = mapped()
    assert redraw_maps() == 0
    cast_vote(by=make_member("he"), statement=call.statements.first(), vote=1)
    assert redraw_maps() == 1 and redraw_maps() == 0


def test_the_last_map_is_drawn_when_the_call_ends(run_deliveries):
    call = open_call()
    (row,) = drawn(call, texts=TEXTS[:1])
    voter = make_member("he")
    cast_vote(by=voter, statement=row, vote=1)
    moved(call.task, "closed")
    run_deliveries()
    assert OpinionMap.objects.get().drawing["people"] == 1
    assert voter.pk in listeners_of(call.task)
    assert figures_of(call.task)["voters"] == 1 and figures_of(call.task)["statements"] == 1


def test_a_member_who_leaves_takes_the_votes_along_and_the_group():
    call = mapped()
    leaver = Member.objects.get(username="crowd0-0")
    forget_member(member_id=leaver.pk)
    assert not StatementVote.objects.filter(member=leaver).exists()
    assert str(leaver.pk) not in OpinionMap.objects.get().members
    assert [island.size for island in shown(call, leaver).islands] == [26, 20]  # as it was drawn


def test_what_few_have_seen_is_asked_first_and_nothing_twice():
    call, owner = open_call(), make_member("he")
    statements = drawn(call)
    crowd(call, (10,), voted_on=7)
    assert asked(call, owner).next.text == TEXTS[0]
    for _turn in statements:
        cast_vote(by=owner, statement=asked(call, owner).next, vote=0)
    ballot = asked(call, owner)
    assert (ballot.next, ballot.done, ballot.total, ballot.needed) == (None, 8, 8, 0)


def test_two_people_see_statements_that_are_alike_in_another_order():
    call = open_call()
    drawn(call)
    firsts = {asked(call, make_member(f"reader{n}")).next.text for n in range(12)}
    assert len(firsts) > 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_vote_pressed_many_times_at_once_is_one_vote():
    call, owner = open_call(), make_member("he")
    (row,) = drawn(call, texts=TEXTS[:1])
    at_once(*[lambda vote=vote: cast_vote(by=owner, statement=row, vote=vote) for vote in (1, -1, 0, 1, -1, 0)])
    assert StatementVote.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_sixth_statement_of_one_member_is_refused_however_they_race():
    call, owner = open_call(), make_member("he")
    entry = given(call, "laotang")

    def draw(text: str) -> bool:
        try:
            draw_statement(by=owner, entry=again(entry), text=text)
        except Conflict:
            return False
        return True

    assert sum(won is True for won in at_once(*[lambda text=text: draw(text) for text in TEXTS])) == 5
    assert Statement.objects.count() == 5


CONVERSATIONS = Path(__file__).parents[3] / "shared" / "data" / "polis_conversations"


@pytest.mark.parametrize(("name", "agreed"), [("brexit-consensus", 10), ("15-per-hour-seattle", 0)])
def test_a_real_conversation_tells_what_all_agree_on_and_a_quarrel_tells_nothing(name, agreed):
    """In one nearly everybody agreed to the ten strongest; in the other no statement has most of both groups behind it."""
    if not (CONVERSATIONS / name).exists():
        pytest.skip(f"needs shared/data/polis_conversations/{name}")
    with (CONVERSATIONS / name / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [column for column in rows[0] if column.isdigit()]
    call = open_call()
    entry = given(call, "laotang")
    statements = dict(
        zip(names, Statement.objects.bulk_create(Statement(call=call, entry=entry, text=x) for x in names), strict=True)
    )
    people = Member.objects.bulk_create(Member(username=f"p{n}", email=f"p{n}@example.org") for n in range(len(rows)))
    StatementVote.objects.bulk_create(
        StatementVote(statement=statements[key], member=member, vote=int(row[key]))
        for member, row in zip(people, rows, strict=True)
        for key in names
        if row[key]
    )
    redraw_map(call=call)
    found = shown(call, entry.author)
    assert len(found.islands) >= 2 and len(found.agreed) >= agreed and bool(found.agreed) == bool(agreed)
    for line in found.agreed[:10]:
        assert all(bar.share > 0.5 and bar.agree > 3 * bar.disagree for bar in line.groups)
