"""Two at once: real threads on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from insights.actions import audit
from insights.actions.tickets import move_ticket, promote
from insights.actions.verifications import unseal
from insights.models import AuditEntry, Offer, Ticket
from insights.queries.audit import verify
from kocforum.errors import Conflict
from kocforum.forum.models import Verification
from tests.insights.stories import accepted, make_departments, make_researcher, promoted, raining, released

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Results or exceptions of works that start together."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_staff_moving_one_ticket_have_one_result_and_one_conflict():
    make_departments()
    ticket, first, second = promoted(), make_researcher(), make_researcher("second")

    def move(by, to, **fields):
        fresh = Ticket.objects.get(pk=ticket.pk)
        return lambda: move_ticket(by=by, ticket=fresh, to=to, expected="candidate", **fields)

    results = at_once(move(first, "triaged"), move(second, "declined", reason="样本太少"))
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    assert sum(isinstance(result, Ticket) for result in results) == 1, results
    assert Ticket.objects.get().transitions.count() == 2
    assert not verify().broken


def test_two_promotions_at_once_make_two_tickets_and_one_chain():
    report, first, second = raining(), make_researcher(), make_researcher("second")
    results = at_once(
        *(lambda by=by: promote(by=by, threads=[report.thread]) for by in (first, second)),
    )
    assert all(isinstance(result, Ticket) for result in results), results
    assert [row.seq for row in AuditEntry.objects.all()] == [1, 2]
    assert not verify().broken


def test_one_op_id_at_once_makes_one_ticket():
    import uuid

    report, by, op_id = raining(), make_researcher(), uuid.uuid4()
    results = at_once(*[lambda: promote(by=by, threads=[report.thread], op_id=op_id)] * 2)
    assert len({result.pk for result in results}) == 1
    assert Ticket.objects.count() == 1


def test_the_chain_holds_under_eight_threads():
    ticket, by = promoted(), make_researcher()

    def many(place: int) -> Callable[[], None]:
        def write() -> None:
            for number in range(10):
                with transaction.atomic():
                    audit.append(by=by, action="test", ticket=ticket, place=place, number=number)

        return write

    results = at_once(*(many(place) for place in range(8)))
    assert results == [None] * 8, results
    assert [row.seq for row in AuditEntry.objects.all()] == list(range(1, 82))
    assert not verify().broken


def test_releasing_sealed_words_twice_at_once_makes_one_post():
    make_departments()
    report = raining()
    lin = report.thread.author
    release = released(promoted(report), public=False)
    offer = accepted(release, lin)
    from insights.actions.releases import publish_release
    from insights.actions.verifications import seal

    seal(by=lin, offer=offer, attempts=5, failures=0, words="好了")
    publish_release(by=make_researcher(), release=release)

    def tap():
        return unseal(by=lin, offer=Offer.objects.select_related("release", "sealed").get(pk=offer.pk))

    results = at_once(tap, tap)
    assert sum(isinstance(result, Verification) for result in results) == 1, results
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    assert Verification.objects.count() == 1


def test_the_triggers_let_a_test_truncate():
    promoted()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE insights_auditentry, insights_evidencesnapshot")
    assert not AuditEntry.objects.exists()
