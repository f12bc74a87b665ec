"""The brand's side in JSON: who may, in which order it answers, and what never leaves it."""

from __future__ import annotations

import uuid

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from insights.actions.tickets import add_note
from insights.models import DistilledReport, Ticket
from kocforum.forum.models import Thread
from kocforum.garage.models import FailureMode, Function, Vehicle, VehicleModel
from tasks.models import Outcome
from tests.insights.stories import (
    NEEDS,
    WAY,
    brought_to,
    make_engineer,
    make_researcher,
    polled,
    promoted,
    raining,
    released,
)
from tests.people import make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db


def api(member=None) -> APIClient:
    client = APIClient()
    if member:
        token, _new = Token.objects.get_or_create(user=member)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
    return client


@pytest.mark.parametrize("path", ["", "{id}/", "{id}/transitions/", "{id}/evidence/", "{id}/offers/"])
def test_tickets_are_for_staff(path):
    ticket = promoted()
    url = f"/api/v1/tickets/{path.format(id=ticket.pk)}"
    assert api().get(url).status_code == 401
    assert api(make_member("wang")).get(url).status_code == 403
    assert api(make_koc()).get(url).status_code == 403
    assert api(make_researcher()).get(url).status_code == 200
    for method in (api().post, api(make_koc("koc2")).post):
        assert method(url, {}, format="json").status_code in {401, 403, 405}


def test_promoting_answers_201_and_a_replay_200_with_the_first():
    report = raining()
    client, op_id = api(make_researcher()), str(uuid.uuid4())
    body = {"threads": [report.thread_id], "kind": "defect", "department": "software", "op_id": op_id}
    first, again = client.post("/api/v1/tickets/", body), client.post("/api/v1/tickets/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] and Ticket.objects.count() == 1
    assert first.json()["state"] == "candidate"
    assert first.json()["evidence"] == [{"type": "thread", "id": report.thread_id}]
    assert client.get("/api/v1/tickets/").json()["results"][0]["id"] == first.json()["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "threads"),
        ({"threads": [999]}, "threads"),
        ({"evidence": [{"type": "survey", "id": 1}]}, "evidence"),
        ({"threads": "own", "kind": "x"}, "kind"),
        ({"threads": "own", "department": "nowhere"}, "department"),
    ],
)
def test_what_does_not_fit_is_named(body, field):
    report = raining()
    body = {**body, **({"threads": [report.thread_id]} if body.get("threads") == "own" else {})}
    answer = api(make_researcher()).post("/api/v1/tickets/", body)
    assert answer.status_code == 400 and field in answer.json()


def test_a_ticket_walks_its_way():
    ticket, client = promoted(), api(make_researcher())
    state = "candidate"
    for to in WAY:
        answer = client.post(
            f"/api/v1/tickets/{ticket.pk}/transitions/", {"to": to, "expected": state, **NEEDS.get(to, {})}
        )
        assert answer.status_code == 200, (to, answer.content)
        state = answer.json()["state"]
    said = client.get(f"/api/v1/tickets/{ticket.pk}/transitions/").json()["results"]
    assert [row["to"] for row in said] == ["candidate", *WAY]


def test_checks_answer_right_then_expected_then_table_then_fields():
    ticket = promoted()
    url = f"/api/v1/tickets/{ticket.pk}/transitions/"
    assert api(make_staff()).post(url, {"to": "promoted", "expected": "released"}).status_code == 403
    client = api(make_researcher())
    assert client.post(url, {"to": "promoted", "expected": "released"}).status_code == 409
    assert client.post(url, {"to": "promoted", "expected": "candidate"}).status_code == 409
    answer = client.post(url, {"to": "declined", "expected": "candidate"})
    assert answer.status_code == 400 and "reason" in answer.json()
    assert client.post(url, {"to": "verified", "expected": "candidate"}).status_code == 403
    assert (
        client.post("/api/v1/tickets/9999/transitions/", {"to": "triaged", "expected": "candidate"}).status_code == 404
    )


def test_the_right_the_state_and_the_table_answer_before_a_field_that_does_not_fit():
    ticket = promoted()
    url, wrong = f"/api/v1/tickets/{ticket.pk}/transitions/", {"severity": "S9"}
    operator = api(make_staff())
    for body in (wrong, {"to": "nowhere", **wrong}, {"to": "triaged", **wrong}):
        assert operator.post(url, body).status_code == 403
    client = api(make_researcher())
    assert client.post(url, {"to": "verified", "expected": "candidate", **wrong}).status_code == 403
    assert client.post(url, {"to": "triaged", "expected": "released", **wrong}).status_code == 409
    assert client.post(url, {"to": "triaged", "expected": "nowhere"}).status_code == 409
    assert client.post(url, {"to": "released", "expected": "candidate", **wrong}).status_code == 409
    for body in ({"to": "triaged", "expected": "candidate"}, {"to": "triaged"}, {"to": "nowhere"}, {}):
        assert client.post(url, {**body, **wrong}).status_code == 400
    assert client.get(f"/api/v1/tickets/{ticket.pk}/").json()["state"] == "candidate"


def test_a_move_sent_again_answers_with_the_first():
    ticket, client = promoted(), api(make_researcher())
    url = f"/api/v1/tickets/{ticket.pk}/transitions/"
    body = {"to": "triaged", "expected": "candidate", "op_id": str(uuid.uuid4())}
    assert [client.post(url, body).status_code for _ in range(2)] == [200, 200]
    assert [row["to"] for row in client.get(url).json()["results"]] == ["candidate", "triaged"]


def test_the_failure_mode_of_a_ticket_is_one_of_its_function():
    ticket, client = promoted(), api(make_researcher())
    url = f"/api/v1/tickets/{ticket.pk}/transitions/"
    other = Function.objects.create(slug="elsewhere", name="别处")
    FailureMode.objects.create(function=other, slug="only-there", name="只在别处")
    FailureMode.objects.create(function=other, slug="both", name="两处都有")
    own = FailureMode.objects.create(function=ticket.function, slug="both", name="两处都有")
    body = {"to": "triaged", "expected": "candidate"}
    answer = client.post(url, {**body, "failure_mode": "only-there"})
    assert answer.status_code == 400 and list(answer.json()) == ["failure_mode"]
    assert client.post(url, {**body, "failure_mode": "both"}).status_code == 200
    ticket.refresh_from_db()
    assert ticket.failure_mode == own


def test_engineers_find_their_department_only():
    ticket = brought_to(promoted(), "routed")
    ours, other = make_engineer(), make_staff("eve", role="engineer")
    assert api(ours).get(f"/api/v1/tickets/{ticket.pk}/").status_code == 200
    assert api(other).get(f"/api/v1/tickets/{ticket.pk}/").status_code == 404
    answer = api(ours).post(f"/api/v1/tickets/{ticket.pk}/transitions/", {"to": "acknowledged", "expected": "routed"})
    assert answer.json()["assignee"] == "engineer"


def test_evidence_is_read_and_added():
    ticket, client = promoted(), api(make_researcher())
    url = f"/api/v1/tickets/{ticket.pk}/evidence/"
    first = client.get(url).json()["results"][0]
    assert first["number"] == 1 and first["content"]["insight"] == ticket.pk and len(first["sha256"]) == 64
    assert client.post(url, {"threads": [raining("b").thread_id]}).json()["number"] == 2
    assert api(make_staff()).get(url).status_code == 403


def test_an_owner_seals_and_verifies_through_the_api():
    report = raining()
    ticket, lin = promoted(report), report.thread.author
    release = released(ticket, public=False)
    mine, staff = api(lin), api(make_researcher())
    offer = mine.get("/api/v1/offers/").json()["results"][0]
    url = f"/api/v1/tickets/{ticket.pk}/verifications/"
    body = {
        "vehicle": Vehicle.objects.filter(owner=lin).first().pk,
        "attempts": 5,
        "failures": 0,
        "words": "CANARY-SEALED",
    }
    assert mine.post(url, body).status_code == 409
    assert mine.post(f"/api/v1/offers/{offer['id']}/answer/", {"accept": True}).status_code == 400
    assert mine.post(f"/api/v1/offers/{offer['id']}/answer/", {"accept": True, "consent": True}).status_code == 200
    body["op_id"] = str(uuid.uuid4())
    sealed = mine.post(url, body)
    assert sealed.status_code == 201 and sealed.json()["sealed"] is True
    again = mine.post(url, body)
    assert (again.status_code, again.json()) == (200, sealed.json())
    assert mine.post(f"/api/v1/offers/{offer['id']}/answer/", {}).status_code == 409
    doors = [
        *(f"/api/v1/{path}" for path in ("offers/", "releases/", f"releases/{release.pk}/")),
        *(f"/api/v1/tickets/{ticket.pk}/{path}" for path in ("", "offers/", "verifications/", "evidence/")),
        f"/api/v1/threads/{report.thread_id}/posts/",
        f"/t/{report.thread_id}/",
    ]
    for door in doors:
        for client in (staff, api(make_staff("boss", role="admin") if door == doors[0] else None)):
            assert "CANARY-SEALED" not in client.get(door).content.decode()
    for client in (staff, api(make_member("wang"))):
        assert client.get(f"/api/v1/offers/{offer['id']}/sealed/").status_code == 404
    assert mine.post(f"/api/v1/offers/{offer['id']}/unseal/").status_code == 409
    assert staff.post(f"/api/v1/releases/{release.pk}/publish/").json()["state"] == "public"
    told = mine.post(f"/api/v1/offers/{offer['id']}/unseal/")
    assert told.status_code == 201 and told.json()["invited"] is True
    assert [row["words"] for row in api(make_member("zhao")).get(url).json()["results"]] == ["CANARY-SEALED"]


def test_any_owner_verifies_a_public_release_and_staff_never():
    report = raining(others=1)
    ticket = promoted(report)
    released(ticket)
    url = f"/api/v1/tickets/{ticket.pk}/verifications/"
    owner = report.corroborations.get().author
    op_id = str(uuid.uuid4())
    body = {"vehicle": Vehicle.objects.filter(owner=owner).first().pk, "attempts": 3, "failures": 1, "op_id": op_id}
    assert api(owner).post(url, body).status_code == 201
    assert api(owner).post(url, body).status_code == 200
    assert api(make_researcher()).post(url, body).status_code == 403
    assert api().post(url, body).status_code == 401


def test_a_draft_is_not_there_for_owners_and_a_beta_only_for_those_offered():
    report = raining()
    release = released(promoted(report), public=False)
    url = f"/api/v1/releases/{release.pk}/"
    assert api().get(url).status_code == api(make_member("wang")).get(url).status_code == 404
    said = api(report.thread.author).get(url)
    assert said.status_code == 200 and said.json()["tickets"] is None
    assert api(report.thread.author).post("/api/v1/releases/", {"version": "9"}).status_code == 403


def test_no_word_of_a_ticket_reaches_the_forum():
    report, task = raining(), polled()
    ticket = promoted(report, title="CANARY-TITLE", evidence=[task])
    add_note(by=make_researcher(), ticket=ticket, body="CANARY-NOTE")
    DistilledReport.objects.update(hypothesis="CANARY-HYPOTHESIS", recommendation="CANARY-RECOMMENDATION")
    ticket = brought_to(ticket, "acknowledged")
    Ticket.objects.update(root_cause_ref="CANARY-REF", acceptance_target="CANARY-TARGET", compliance_ref="CANARY-C")
    lin = report.thread.author
    doors = [
        "/",
        "/topics/",
        f"/t/{report.thread_id}/",
        "/boards/driving/",
        "/search/?q=CANARY",
        f"/u/{lin.username}/",
        "/api/v1/threads/",
        f"/api/v1/threads/{report.thread_id}/",
        f"/api/v1/threads/{report.thread_id}/posts/",
        f"/api/v1/reports/{report.pk}/",
        f"/api/v1/reports/{report.pk}/history/",
        "/api/v1/search/?q=CANARY",
        "/api/v1/releases/",
        "/tasks/",
        f"/tasks/{task.pk}/",
        "/api/v1/tasks/",
        f"/api/v1/tasks/{task.pk}/",
    ]
    member = make_member("wang")
    for door in doors:
        for reader in (None, lin, member, make_staff(f"op{doors.index(door)}")):
            client = api(reader)
            if reader:
                client.force_login(reader)
            text = client.get(door).content.decode()
            assert "CANARY-" not in text.replace("q=CANARY", ""), (door, reader)
            assert ticket.ref not in text
    assert Thread.objects.get(pk=report.thread_id).official_status == "working"
    outcome = Outcome.objects.values().get(task=task)
    assert (outcome["label"], outcome["state"]) == (report.thread.title, "working")
    assert "CANARY" not in str(outcome) and ticket.ref not in str(outcome)


def test_a_model_is_found_whatever_the_case():
    VehicleModel.objects.get_or_create(slug="S7", defaults={"name": "远山 S7"})
    raining()
    answer = api(make_researcher()).post("/api/v1/releases/", {"version": "4.3.0", "models": ["s7", "S7"]})
    assert (answer.status_code, answer.json()["models"]) == (201, ["S7"])
    for model, count in (("s7", 1), ("S7", 1), ("S70", 0)):
        assert len(api().get("/api/v1/reports/", {"model": model}).json()["results"]) == count
