"""From cleared to the first teller's word: beta, seal, publication, verification, and what each changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from insights.actions.offers import answer_offer, expire_offers, let_go
from insights.actions.releases import create_release, publish_release, start_beta
from insights.actions.tickets import move_ticket
from insights.actions.verifications import seal, unseal, verify
from insights.models import Offer, Release, SealedVerification
from insights.queries.audit import verify as verify_audit
from insights.queries.download import offers_and_sealed_words
from insights.queries.owners import garages_to_tell, is_older, participants
from insights.rules.verdict import capped, verdict
from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.actions.moderation import hide_post, restore_post
from kocforum.forum.actions.withdrawals import withdraw_post
from kocforum.forum.models import Post, Stage, Thread
from kocforum.garage.models import SoftwareVersion, Vehicle
from tests.forum.stories import answered
from tests.insights.stories import accepted, brought_to, make_researcher, promoted, raining, released
from tests.people import make_car, make_member, make_staff

pytestmark = pytest.mark.django_db

SENTENCE = "官方推送了新版本，我测试后发现，在同样场景下的成功率确实大幅提升。"


def car_of(member):
    return Vehicle.objects.filter(owner=member).first()


def test_a_beta_needs_cleared_tickets():
    ticket = brought_to(promoted(), "fix_ready")
    release = create_release(by=make_researcher(), version="4.3.0", tickets=[ticket])
    with pytest.raises(Conflict):
        start_beta(by=make_researcher(), release=release)
    assert Release.objects.get().state == "draft"


def test_the_first_teller_is_offered_first_then_those_who_answered_with_a_matching_car():
    report = raining(others=1)
    other = make_member("zeekr")
    answered(other, report, vehicle=make_car(other, model="别的车"))
    release = released(promoted(report), public=False)
    offers = list(release.offers.all())
    assert [offer.member.username for offer in offers] == ["lin", "lin-0"]
    assert [offer.is_first_teller for offer in offers] == [True, False]
    assert offers[0].expires_at - offers[0].offered_at == pytest.approx(
        dt.timedelta(days=14), abs=dt.timedelta(seconds=5)
    )
    assert Thread.objects.get(pk=report.thread_id).official_status == "beta"


def test_an_offer_needs_consent_and_is_answered_once_by_its_owner():
    report = raining()
    offer = released(promoted(report), public=False).offers.get(is_first_teller=True)
    lin = report.thread.author
    with pytest.raises(Forbidden):
        answer_offer(by=make_member("wang"), offer=offer, accept=True, consent=True)
    with pytest.raises(Invalid) as refused:
        answer_offer(by=lin, offer=offer, accept=True)
    assert "consent" in refused.value.fields
    assert answer_offer(by=lin, offer=offer, accept=True, consent=True).consented_at
    with pytest.raises(Conflict):
        answer_offer(by=lin, offer=offer, accept=False)


def test_an_offer_runs_out():
    report = raining()
    offer = released(promoted(report), public=False).offers.first()
    Offer.objects.filter(pk=offer.pk).update(expires_at=timezone.now())
    offer.refresh_from_db()
    with pytest.raises(Conflict):
        answer_offer(by=offer.member, offer=offer, accept=True, consent=True)
    assert expire_offers() == 1


def test_what_is_written_in_the_beta_stays_sealed_until_public_and_released_with_one_tap():
    report = raining()
    lin = report.thread.author
    ticket = promoted(report)
    release = released(ticket, public=False)
    offer = accepted(release, lin)
    seal(by=lin, offer=offer, words="初稿", attempts=5, failures=1)
    seal(by=lin, offer=offer, words=SENTENCE, attempts=5, failures=0)
    with pytest.raises(Conflict):
        unseal(by=lin, offer=Offer.objects.get(pk=offer.pk))
    assert not Post.objects.filter(kind="verification").exists()
    publish_release(by=make_researcher(), release=release)
    offer = Offer.objects.get(pk=offer.pk)
    with pytest.raises(Forbidden):
        unseal(by=make_member("wang"), offer=offer)
    verification = unseal(by=lin, offer=offer)
    assert verification.invited and verification.by_first_teller and verification.post.body == SENTENCE
    thread = Thread.objects.get(pk=report.thread_id)
    assert thread.official_status == "first_confirmed"
    assert "4.3.0" in thread.official_note and "5" in thread.official_note
    assert Stage.objects.filter(report=report, stage=6).exists()
    with pytest.raises(Conflict):
        unseal(by=lin, offer=Offer.objects.get(pk=offer.pk))
    assert not verify_audit().broken


def test_the_first_teller_may_also_say_that_it_is_not_solved(run_deliveries):
    report = raining()
    lin = report.thread.author
    ticket = promoted(report)
    release = released(ticket)
    verify(by=lin, report=report, release=release, vehicle=car_of(lin), attempts=4, failures=4, words="还是一样")
    thread = Thread.objects.get(pk=report.thread_id)
    ticket.refresh_from_db()
    assert (thread.official_status, ticket.state) == ("not_confirmed", "not_fixed")
    assert not Stage.objects.filter(report=report, stage=6).exists()
    transition = ticket.transitions.last()
    assert transition.by is None
    run_deliveries()
    assert ticket.transitions.last() == transition


def test_nobody_verifies_what_is_not_public_or_not_about_it():
    report, other = raining(), raining("he")
    release = released(promoted(report), public=False)
    lin = report.thread.author
    with pytest.raises(Conflict):
        verify(by=lin, report=report, release=release, vehicle=car_of(lin), attempts=1, failures=0)
    publish_release(by=make_researcher(), release=release)
    he = other.thread.author
    with pytest.raises(Conflict):
        verify(by=he, report=other, release=release, vehicle=car_of(he), attempts=1, failures=0)


@pytest.mark.parametrize("role", ["operator", "researcher", "engineer", "approver", "admin"])
def test_staff_never_verify(role):
    report = raining()
    release = released(promoted(report))
    staff = make_staff(f"staff-{role}", role=role)
    with pytest.raises(Forbidden):
        verify(by=staff, report=report, release=release, vehicle=make_car(staff), attempts=5, failures=0)


def test_several_owners_verify_and_the_system_says_so():
    report = raining(others=6)
    ticket = promoted(report)
    release = released(ticket)
    for answer in report.corroborations.all():
        answer.observation.attempts = answer.observation.failures = 5
        answer.observation.save()
    for answer in report.corroborations.select_related("author"):
        verify(by=answer.author, report=report, release=release, vehicle=answer.vehicle, attempts=5, failures=0)
    ticket.refresh_from_db()
    thread = Thread.objects.get(pk=report.thread_id)
    assert (ticket.state, thread.official_status) == ("verified", "verified")
    assert ticket.transitions.last().by is None
    with pytest.raises(Conflict):
        move_ticket(by=make_researcher(), ticket=ticket, to="released", expected="verified")


def test_few_owners_do_not_make_a_verdict():
    report = raining(others=3)
    ticket = promoted(report)
    release = released(ticket)
    for answer in report.corroborations.select_related("author"):
        verify(by=answer.author, report=report, release=release, vehicle=answer.vehicle, attempts=5, failures=0)
    ticket.refresh_from_db()
    assert ticket.state == "released"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([(1, 5)] * 6, [(5, 5)] * 2 + [(4, 5)] * 4, "verified"),  # G1
        ([(2, 10)] * 3, [(9, 10), (9, 10), (8, 10)], ""),  # G2: three owners are too few
        ([(1, 3)] * 8, [(2, 3)] * 8, "partial"),  # G3
        ([(2, 5)] * 12, [(3, 5)] * 12, "partial"),  # G4
        ([(1, 5)] * 8, [(1, 5)] * 8, ""),
        ([(3, 5)] * 8, [(1, 5)] * 8, "not_fixed"),
    ],
)
def test_the_verdict_of_the_published_cases(before, after, said):
    assert verdict(before, after) == said


def test_five_attempts_of_one_owner_count():
    assert capped(9, 10) == (4, 5) and capped(2, 3) == (2, 3)


def test_those_who_took_part_hear_once_and_older_cars_of_the_model_too():
    report = raining(others=2)
    old, new, away = make_member("old"), make_member("new"), make_member("away")
    make_car(old, version="4.2.9"), make_car(new, version="4.10.0"), make_car(away, model="别的车")
    release = released(promoted(report))
    assert {member.username for member in participants(release)} == {"lin", "lin-0", "lin-1"}
    older = {car.owner.username for car in garages_to_tell(release) if is_older(car.version_now, release)}
    assert older == {"lin", "lin-0", "lin-1", "old"}


def test_a_release_that_answers_nothing_is_not_published():
    release = create_release(by=make_researcher(), version="4.3.0")
    with pytest.raises(Conflict):
        publish_release(by=make_researcher(), release=release)


def test_two_words_of_one_car_on_one_version_are_one():
    report = raining()
    lin = report.thread.author
    release = released(promoted(report))
    values = {"by": lin, "report": report, "release": release, "vehicle": car_of(lin), "attempts": 2, "failures": 0}
    verify(**values)
    with pytest.raises(Conflict):
        verify(**values)


def test_a_draft_is_not_in_the_catalogue_yet():
    release = create_release(by=make_researcher(), version="9.9.9", tickets=[brought_to(promoted(), "cleared")])
    assert not SoftwareVersion.objects.filter(name="9.9.9").exists()
    start_beta(by=make_researcher(), release=release)
    assert SoftwareVersion.objects.filter(name="9.9.9").exists()


def test_sealed_words_go_with_their_writer(run_deliveries):
    report = raining()
    lin = report.thread.author
    release = released(promoted(report), public=False)
    offer = accepted(release, lin)
    seal(by=lin, offer=offer, words="只给自己看", attempts=2, failures=0)
    assert "只给自己看" in str(list(offers_and_sealed_words(lin)[1]))
    let_go(member_id=lin.pk)
    assert not SealedVerification.objects.exists()


def test_a_verification_that_is_withdrawn_takes_its_confirmation_back_and_can_be_told_anew(run_deliveries):
    report = raining()
    lin = report.thread.author
    release = released(promoted(report))

    def say(worked: int):
        return verify(
            by=lin, report=report, release=release, vehicle=car_of(lin), attempts=5, failures=5 - worked, words="试了"
        )

    first = say(5)
    assert Thread.objects.get(pk=report.thread_id).official_status == "first_confirmed"
    withdraw_post(by=lin, post=first.post)
    run_deliveries()
    assert Thread.objects.get(pk=report.thread_id).official_status == "released"
    assert not Stage.objects.filter(report=report, stage=6).exists()
    again = say(0)
    run_deliveries()
    assert again.pk == first.pk and again.post.number == first.post.number
    assert Thread.objects.get(pk=report.thread_id).official_status == "not_confirmed"
    assert Post.objects.filter(thread=report.thread, kind="verification", state="visible").count() == 1


def test_a_verification_that_is_hidden_and_shown_again_counts_only_while_it_stands(run_deliveries):
    report, operator = raining(), make_staff()
    lin = report.thread.author
    release = released(promoted(report))
    word = verify(by=lin, report=report, release=release, vehicle=car_of(lin), attempts=5, failures=0)
    run_deliveries()
    hide_post(by=operator, post=word.post, reason="拍到车牌")
    run_deliveries()
    assert Thread.objects.get(pk=report.thread_id).official_status == "released"
    restore_post(by=operator, post=Post.objects.get(pk=word.post_id), reason="已打码")
    run_deliveries()
    assert Thread.objects.get(pk=report.thread_id).official_status == "first_confirmed"


def test_an_offer_does_not_tell_the_title_of_what_was_taken_down(client, run_deliveries):
    report = raining()
    released(promoted(report), public=False)
    run_deliveries()
    hide_post(by=make_staff(), post=report.thread.posts.get(number=1), reason="拍到车牌")
    offer = Offer.objects.exclude(is_first_teller=True).first()
    client.force_login(offer.member)
    for page in (f"/offers/{offer.pk}/", "/me/notifications/"):
        text = client.get(page).content.decode()
        assert "4.3.0" in text and report.thread.title not in text, page
