"""What the demo shows of an initiative that has gone the whole way, as its pages tell it to whoever looks."""

from __future__ import annotations

import re

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kocforum.members.models import Member
from kocforum.uploads.queries import attached_to
from tasks.enums import EndorsementState, ExpenseState, LoanState, PromiseKind, PromiseState, RsvpState, ScanResult
from tasks.models import Envelope, Event, Expense, Initiative, Loan, Memory, PromotionSlot, Rsvp, Scan, StockMove
from tasks.models.memories import MEMORY_PICTURES
from tasks.models.money import NOTHING
from tasks.queries.initiative_reports import numbers_of
from tasks.queries.promotion import slots_on_front
from tasks.queries.trust import trust_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("said")]
TITLE = "带爸妈出趟门"


@pytest.fixture
def initiative() -> Initiative:
    return Initiative.objects.get(title=TITLE)


@pytest.fixture
def event() -> Event:
    return Event.objects.get(initiative__title=TITLE)


def read(path: str, name: str = "") -> str:
    """A page as somebody reads it, in Chinese; without a name as a visitor."""
    client = Client(headers={"accept-language": "zh-hans"})
    if name:
        client.force_login(Member.objects.get(username=name))
    answer = client.get(path)
    assert answer.status_code == 200, (path, name)
    return answer.content.decode()


def test_the_day_is_over_and_the_counters_say_what_the_places_say(event):
    assert event.state == "held" and event.ends_at < timezone.now() and event.offered == 0
    going = Rsvp.objects.going().filter(event=event)
    assert event.going == going.count()
    assert event.taken == going.aggregate(n=Sum("party"))["n"] < event.capacity
    states = set(event.rsvps.values_list("state", flat=True))
    assert states == {RsvpState.GOING, RsvpState.CANCELLED, RsvpState.WAITLISTED}
    assert all(rsvp.waived_sha256 == event.waiver_sha256 for rsvp in event.rsvps.all())


def test_who_waited_took_a_place_that_was_given_up_late(event):
    gave_up = event.rsvps.get(member__username="kafei")
    took = event.rsvps.get(member__username="mutou")
    assert gave_up.state == RsvpState.CANCELLED and took.state == RsvpState.GOING
    assert gave_up.changed_at < took.changed_at < event.starts_at


def test_the_gate_knows_a_second_scan_a_guest_without_a_place_and_a_party_that_grew(event):
    results = set(Scan.objects.filter(event=event).values_list("result", flat=True))
    assert results == {ScanResult.IN, ScanResult.AGAIN, ScanResult.WALK_IN, ScanResult.MORE}
    late = Scan.objects.filter(event=event, by__username="moli").first()
    assert late.happened_at < event.starts_at < late.received_at, "there is no network at the gate"


def test_the_page_of_the_day_lists_the_pictures_and_words_that_were_kept(event):
    page = read(reverse("event_memories", args=[event.pk]))
    memories = list(Memory.objects.filter(event=event).select_related("author"))
    assert len(memories) == 6 and {memory.state for memory in memories} == {"shown"}
    pictures = attached_to(MEMORY_PICTURES, [memory.pk for memory in memories])
    urls = [one.url for many in pictures.values() for one in many]
    assert len(urls) == 5 and all(url in page for url in urls)
    assert all(memory.author.name in page for memory in memories)
    assert "今天没有人催她" in page


def test_a_wish_to_take_something_down_has_its_answer(event):
    (ask,) = Memory.objects.get(event=event, author__username="moli").asks.all()
    assert ask.granted is False and ask.answer and ask.answered_by.username == "koc"


def test_every_counter_of_the_money_is_the_sum_of_its_ledger():
    for envelope in Envelope.objects.all():
        sums = envelope.moves.aggregate(**{f"in_{name}": Sum(name) for name in NOTHING})
        assert {name: sums[f"in_{name}"] for name in NOTHING} == {name: getattr(envelope, name) for name in NOTHING}
        assert all(one.by_id for one in envelope.moves.all())


def test_the_public_account_of_the_money_comes_to_nothing_left(initiative):
    envelope = initiative.envelope
    assert envelope.is_settled and envelope.left_minor == envelope.reserved_minor == 0
    paid = envelope.expenses.filter(state=ExpenseState.PAID)
    assert paid.aggregate(n=Sum("amount_minor"))["n"] == envelope.spent_minor
    assert envelope.approved_minor - envelope.spent_minor - envelope.returned_minor == 0
    page = read(reverse("initiative_money", args=[initiative.pk]))
    for amount in ("¥3,700.00", "¥3,252.00", "¥448.00"):
        assert amount in page
    assert "周敏" not in page and "径山脚下人家" not in page, (
        "whom it was paid to is for those who lead it and for finance"
    )


def test_as_many_people_looked_at_each_payment_as_must(initiative):
    paid = Expense.objects.filter(envelope__initiative=initiative, state=ExpenseState.PAID)
    for expense in paid:
        people = {expense.submitter_id, expense.approver_id, expense.payer_id, expense.second_approver_id} - {None}
        assert len(people) == (4 if expense.needs_two else 3)
    assert paid.get(needs_two=True).related_party
    again = paid.get(revision=2)
    assert again.moves.filter(to_state=ExpenseState.RETURNED).exists() and again.amount_minor == 32_000
    assert not Expense.objects.filter(looks_like__isnull=False).exists()


def test_what_was_lent_is_back_in_the_house_and_what_was_given_is_gone(initiative):
    radios = Loan.objects.get(initiative=initiative, item__returnable=True)
    cushions = Loan.objects.get(initiative=initiative, item__returnable=False)
    assert (radios.state, radios.gone, radios.item.on_hand, radios.item.out) == (LoanState.RETURNED, 0, 40, 0)
    assert (cushions.state, cushions.gone, cushions.item.on_hand) == (LoanState.CONSUMED, 20, 40)
    for loan in (radios, cushions):
        sums = StockMove.objects.filter(item=loan.item).aggregate(on_hand=Sum("on_hand"), out=Sum("out"))
        assert sums == {"on_hand": loan.item.on_hand, "out": loan.item.out}


def test_the_newsletter_is_proved_and_the_front_page_shows_what_is_still_to_come(initiative):
    newsletter = PromotionSlot.objects.get(initiative=initiative, place="newsletter")
    assert newsletter.state == "proved" and newsletter.proof is not None
    assert all(slot.initiative != initiative for slot in slots_on_front(None))


def test_the_trust_page_of_its_leader_names_every_promise_as_kept(initiative):
    trust = trust_of(Member.objects.get(username="koc"))
    promises = next(made for one, made in trust.initiatives if one == initiative)
    assert {one.kind for one in promises} == set(PromiseKind)
    assert {one.state for one in promises} == {PromiseState.KEPT}
    assert (trust.kept, trust.broken) == (4, 0)
    page = read(reverse("trust"), "koc")
    assert TITLE in page and trust.ceiling in page


def test_the_report_tells_numbers_that_were_counted(initiative):
    report = initiative.report
    assert report.numbers == numbers_of(initiative)
    assert (report.numbers["came"], report.numbers["no_shows"], report.numbers["walk_ins"]) == (25, 2, 1)
    assert "来了二十五个人" in report.story
    page = read(reverse("initiative_report", args=[initiative.pk]))
    assert "留给下一位的话" in page and re.search(r"77\.8\s*±\s*27\.2", page)


@pytest.mark.parametrize("name", ["", "owner", "koc", "host", "researcher", "approver", "finance", "admin"])
def test_its_pages_open_to_whoever_may_read_them(name, initiative, event):
    pages = [event.get_absolute_url(), reverse("event_memories", args=[event.pk]), initiative.get_absolute_url()]
    pages += [reverse(page, args=[initiative.pk]) for page in ("initiative_report", "initiative_money")]
    pages += [reverse("initiative_decisions", args=[initiative.pk]), initiative.endorsement.get_absolute_url()]
    pages += [memory.get_absolute_url() for memory in Memory.objects.filter(event=event)]
    if name in {"koc", "host"}:
        pages += [reverse("gate", args=[event.pk]), reverse("gate_list", args=[event.pk]), reverse("trust")]
        pages += [expense.get_absolute_url() for expense in initiative.envelope.expenses.all()]
    if name in {"approver", "finance", "admin"}:
        pages += [reverse(page, args=[initiative.pk]) for page in ("desk_initiative", "desk_money", "desk_lending")]
        pages += [reverse("desk_stock"), reverse("desk_money_queue")]
    for page in pages:
        read(page, name)


def test_the_certificate_is_good_and_can_be_taken_home(initiative):
    endorsement = initiative.endorsement
    assert endorsement.state == EndorsementState.ACTIVE
    assert set(endorsement.payload["lends"]) == {"name", "money", "material", "stage"}
    assert "官方认证、经费、物料、官方渠道" in read(endorsement.get_absolute_url())
    answer = Client().get(reverse("certificate_picture", args=[endorsement.code]))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
