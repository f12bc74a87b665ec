"""Two at once: real threads on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from insights.actions import audit
from insights.actions.tickets import move_ticket, promote
from insights.actions.verifications import unseal
from insights.models import AuditEntry, Offer, Release, Ticket
from insights.queries.audit import verify
from kocforum.errors import Conflict
from kocforum.forum.models import Verification
from tests.at_once import at_once
from tests.insights.stories import accepted, make_departments, make_researcher, promoted, raining, released

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


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


def test_one_release_published_twice_at_once_is_public_once():
    from insights.actions.releases import publish_release
    from kocforum.ledger.models import Fact

    release = released(promoted(), public=False)
    by, two = make_researcher(), [Release.objects.get(pk=release.pk) for _ in range(2)]
    results = at_once(*(lambda one=one: publish_release(by=by, release=one) for one in two))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Release"], results
    assert Fact.objects.filter(name="insights.ReleasePublished").count() == 1


def test_a_release_that_becomes_public_takes_no_further_ticket():
    from insights.actions.releases import answer_ticket, publish_release

    release, late = released(promoted(), public=False), promoted(raining("su"))
    by, seen = make_researcher(), Release.objects.get(pk=release.pk)
    publish_release(by=by, release=release)
    assert seen.state == "beta"
    results = at_once(lambda: answer_ticket(by=by, release=seen, ticket=late))
    assert isinstance(results[0], Conflict), results


def test_one_offer_answered_in_two_windows_is_answered_once():
    from insights.actions.offers import answer_offer

    report = raining()
    offer = released(promoted(report), public=False).offers.get(member=report.thread.author)
    two = [Offer.objects.select_related("release").get(pk=offer.pk) for _ in range(2)]
    lin = report.thread.author
    results = at_once(
        lambda: answer_offer(by=lin, offer=two[0], accept=True, consent=True),
        lambda: answer_offer(by=lin, offer=two[1], accept=False),
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Offer"], results


def test_words_sealed_anew_while_they_are_released_are_the_ones_that_stand():
    from insights.actions.releases import publish_release
    from insights.actions.verifications import seal

    make_departments()
    report = raining()
    lin = report.thread.author
    release = released(promoted(report), public=False)
    offer = accepted(release, lin)
    seal(by=lin, offer=offer, attempts=5, failures=0, words="好了")
    publish_release(by=make_researcher(), release=release)
    windows = [Offer.objects.select_related("release", "sealed").get(pk=offer.pk) for _ in range(2)]
    results = at_once(
        lambda: seal(by=lin, offer=windows[0], attempts=5, failures=1, words="还有一次没成"),
        lambda: unseal(by=lin, offer=windows[1]),
    )
    assert isinstance(results[1], Verification), results
    sealed = Offer.objects.get(pk=offer.pk).sealed
    assert results[1].post.body == sealed.words == ("好了" if isinstance(results[0], Conflict) else "还有一次没成")
