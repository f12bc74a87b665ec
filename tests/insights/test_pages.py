"""The desk's pages, releases, offers: who opens them, what they cost, and that they do what they say."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.actions.releases import publish_release
from insights.models import Offer, Release, Ticket
from insights.queries.people import counts_of_all
from insights.queries.ripe import ripe
from kocforum.forum.actions.topics import link_report, open_topic
from kocforum.forum.models import Thread
from kocforum.garage.models import Vehicle
from kocforum.members.models import Member
from tests.forum.stories import answered, told
from tests.insights.stories import accepted, brought_to, make_engineer, make_researcher, promoted, raining, released
from tests.people import make_car, make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db

DESK = ["/desk/", "/desk/tickets/", "/desk/releases/", "/desk/people/", "/desk/promote/"]


def signed_in(member) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(member)
    return client


@pytest.mark.parametrize("path", DESK)
def test_the_desk_does_not_exist_for_owners(path):
    assert Client().get(path).status_code == 302
    assert signed_in(make_koc()).get(path).status_code == 404
    assert signed_in(make_researcher()).get(path).status_code == 200


def test_harm_comes_first_then_what_nobody_answered_then_many_owners():
    few, many = raining("few", others=1), raining("many", others=3)
    harm = told(make_member("hot"), severity="close_call")
    talk = told(make_member("alone"))
    lines = ripe(make_researcher())
    assert [line.thing.pk for line in lines] == [harm.pk, many.pk, few.pk]
    assert talk.pk not in [line.thing.pk for line in lines]
    assert len(lines[1].owners) == 4 and len(lines[1].new_owners) == 4
    promoted(many)
    assert many.pk not in [line.thing.pk for line in ripe(make_researcher())]


def test_a_topic_stands_for_its_reports():
    first, second = raining("a", others=1), raining("b", others=1)
    koc = make_koc()
    topic = open_topic(by=koc, title="弱光下泊车", function="auto-parking", claim="弱光下成功率下降")
    for report in (first, second):
        link_report(by=koc, topic=topic, report=report)
    (line,) = ripe(make_researcher())
    assert (line.kind, len(line.owners)) == ("topic", 4)


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("path", "most"), [("/desk/", 12), ("/desk/tickets/", 8), ("/desk/releases/", 6), ("/desk/people/", 10)]
)
def test_a_list_costs_the_same_for_three_and_for_eight(path, most):
    researcher = make_researcher()
    client = signed_in(researcher)

    def more(first, last):
        for number in range(first, last):
            report = raining(f"m{number}", others=1)
            raining(f"r{number}", others=1)
            promoted(report)
            Release.objects.create(title=f"{number}")

    more(0, 3)
    cost = queries_of(client, path)
    more(3, 8)
    assert queries_of(client, path) == cost <= most


def test_a_ticket_is_made_from_the_desk_and_moved_by_buttons():
    report = raining()
    client = signed_in(make_researcher())
    answer = client.post(f"/desk/promote/?thread={report.thread_id}", {"kind": "defect", "title": "泊车"})
    ticket = Ticket.objects.get()
    assert answer.url == f"/desk/tickets/{ticket.pk}/"
    page = client.get(answer.url).content.decode()
    assert reverse("ticket_move", args=[ticket.pk, "triaged"]) in page and ticket.ref in page
    url = reverse("ticket_move", args=[ticket.pk, "declined"])
    refused = client.post(url, {"to": "declined", "expected": "candidate", "reason": ""})
    assert refused.status_code == 422
    assert client.post(url, {"to": "declined", "expected": "candidate", "reason": "样本太少"}).status_code == 302
    late = client.post(url, {"to": "declined", "expected": "candidate", "reason": "再来一次"})
    assert late.status_code == 422 and "再来一次" in late.content.decode()


def test_the_whole_way_by_pages():
    report = raining()
    researcher, lin = signed_in(make_researcher()), signed_in(report.thread.author)
    ticket = brought_to(promoted(report), "cleared")
    answer = researcher.post(
        "/desk/releases/new/", {"kind": "software", "version": "4.3.0", "title": "4.3.0", "announcement": "**好了**"}
    )
    release = Release.objects.get()
    assert answer.url == f"/desk/releases/{release.pk}/"
    researcher.post(f"/desk/releases/{release.pk}/answer/", {"ticket": ticket.pk})
    assert researcher.get(f"/desk/releases/{release.pk}/").status_code == 200
    researcher.post(f"/desk/releases/{release.pk}/beta/")
    offer = Offer.objects.get(is_first_teller=True)
    url = f"/offers/{offer.pk}/"
    assert Client().get(f"/releases/{release.pk}/").status_code == 404
    assert lin.get(f"/releases/{release.pk}/").status_code == 200
    assert signed_in(make_member("wang")).get(url).status_code == 404
    assert lin.post(f"{url}answer/", {"answer": "accept"}).status_code == 422
    assert lin.post(f"{url}answer/", {"answer": "accept", "consent": "on"}).status_code == 302
    assert lin.post(f"{url}seal/", {"words": "还没数"}).status_code == 422
    assert lin.post(f"{url}seal/", {"failures": 0, "successes": 5, "words": "确实大幅提升"}).status_code == 302
    assert "确实大幅提升" in lin.get(url).content.decode()
    for reader in (researcher, Client(), signed_in(make_staff())):
        for path in (url, f"/t/{report.thread_id}/", f"/releases/{release.pk}/", f"/desk/tickets/{ticket.pk}/"):
            assert "确实大幅提升" not in reader.get(path).content.decode()
    researcher.post(f"/desk/releases/{release.pk}/publish/")
    posted = lin.post(f"{url}unseal/")
    assert posted.status_code == 302
    for path in (f"/t/{report.thread_id}/", f"/releases/{release.pk}/"):
        assert "确实大幅提升" in Client().get(path).content.decode()
    assert Thread.objects.get(pk=report.thread_id).official_status == "first_confirmed"
    page = Client().get(f"/releases/{release.pk}/").content.decode()
    assert "<strong>好了</strong>" in page and ticket.ref not in page


def test_any_owner_verifies_in_the_thread_by_a_form():
    report = raining()
    release = released(promoted(report))
    wang = make_member("wang")
    car = make_car(wang)
    client = signed_in(wang)
    url = f"/reports/{report.pk}/verify/?release={release.pk}"
    assert client.get(url).status_code == 200
    assert client.post(url, {"vehicle": car.pk, "words": "留住这段话"}).status_code == 422
    assert "留住这段话" in client.post(url, {"vehicle": car.pk, "words": "留住这段话"}).content.decode()
    assert client.post(url, {"vehicle": car.pk, "failures": 1, "successes": 2}).status_code == 302
    assert "Only owners verify" in signed_in(make_researcher()).get(url).content.decode()


def test_a_report_without_a_public_release_says_so():
    report = raining()
    assert signed_in(report.thread.author).get(f"/reports/{report.pk}/verify/").status_code == 200


def test_engineers_read_evidence_of_their_department_only():
    ticket = brought_to(promoted(), "routed")
    url = f"/desk/tickets/{ticket.pk}/evidence/1/"
    assert signed_in(make_engineer()).get(url).status_code == 200
    assert signed_in(make_staff("eve", role="engineer")).get(url).status_code == 404
    assert signed_in(make_staff()).get(url).status_code == 404


def test_the_distilled_report_is_written_and_signed_on_its_page():
    ticket = promoted()
    report = ticket.evidence.get().thread.report
    client = signed_in(make_researcher())
    url = f"/desk/tickets/{ticket.pk}/report/"
    values = {
        "version": 1,
        "counter_examples": "没有发现",
        "recommendation": "建议复核",
        "hypothesis": "可能是信号衰减",
    }
    refused = client.post(url, {**values, "findings": f"雨水导致失败 [{report.pk}]"})
    assert refused.status_code == 422 and "雨水导致失败" in refused.content.decode()
    assert client.post(url, {**values, "findings": f"三位车主失败 [{report.pk}]"}).status_code == 302
    assert client.post(f"{url}2/sign/").status_code == 302
    newest = ticket.distilled_reports.first()
    assert newest.signed_by and newest.findings == [{"text": "三位车主失败", "reports": [report.pk]}]


def test_people_are_counted_from_facts_and_levels_given_with_a_reason():
    report = raining(others=1)
    lin = report.thread.author
    release = released(promoted(report))
    from insights.actions.verifications import verify

    verify(
        by=lin,
        report=report,
        release=release,
        vehicle=Vehicle.objects.filter(owner=lin).first(),
        attempts=2,
        failures=0,
    )
    counts = counts_of_all()[lin.pk]
    assert (counts.reports, len(counts.tickets), len(counts.acted_on), counts.verifications) == (1, 1, 1, 1)
    assert len(counts.months) == 1
    client = signed_in(make_researcher())
    url = f"/desk/people/{lin.username}/"
    assert client.post(url, {"level": "koc", "reason": "", "expected": ""}).status_code == 422
    assert client.post(url, {"level": "koc", "reason": "记录完整", "expected": ""}).status_code == 302
    assert Member.objects.get(pk=lin.pk).koc_level == "koc"
    assert client.post(url, {"level": "leader", "reason": "晚了一步", "expected": ""}).status_code == 422
    assert client.post(url, {"level": "", "reason": "一年没有动静", "expected": "koc"}).status_code == 302


def test_everybody_concerned_is_told_once(run_deliveries):
    from kocforum.notifications.models import Notification

    report = raining(others=1)
    lin, old = report.thread.author, make_member("old")
    make_car(old, version="4.1.0")
    release = released(promoted(report), public=False)
    accepted(release, lin)
    from insights.actions.verifications import seal

    seal(by=lin, offer=release.offers.get(member=lin), attempts=1, failures=0)
    publish_release(by=make_researcher(), release=release)
    run_deliveries()
    told_of = sorted(
        Notification.objects.filter(kind__in=["seal", "release.answered", "release.garage"]).values_list(
            "member__username", "kind"
        )
    )
    assert told_of == [("lin", "seal"), ("lin-0", "release.answered"), ("old", "release.garage")]
    assert Notification.objects.filter(kind="offer").count() == 2
    for member in (lin, old):
        assert "4.3.0" in signed_in(member).get("/me/notifications/").content.decode()
    answered(make_member("late"), report)


def test_a_public_release_has_a_poster_and_a_draft_has_none(client):
    release = Release.objects.create(title="远山 4.3.0", state="draft")
    assert client.get(f"/releases/{release.pk}/poster.png").status_code == 404
    Release.objects.filter(pk=release.pk).update(state="public")
    assert client.get(f"/releases/{release.pk}/poster.png")["Content-Type"] == "image/png"
