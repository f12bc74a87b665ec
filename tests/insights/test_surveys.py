"""Surveys as evidence: what is frozen, what is drafted, how findings cite, and what those who answered hear of it."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from insights.actions import distilled
from insights.actions.tickets import add_evidence, merge, move_ticket, promote
from insights.forms.distilled import DistilledForm, as_text
from insights.links import beside_task
from insights.models import AuditEntry, Ticket, TicketEvidence
from insights.queries.audit import verify
from insights.queries.outcomes import public_labels
from insights.queries.people import counts_of_all
from insights.rules.words import claim_of_cause
from kocforum.errors import Invalid
from kocforum.forum.actions.moderation import hide_post, restore_post
from kocforum.forum.actions.topics import link_report, open_topic
from kocforum.forum.enums import BoardVisibility
from kocforum.forum.models import Board, Post
from kocforum.ledger.models import Fact
from kocforum.ui.links import links_for
from tasks.models import Outcome, Task
from tests.insights.stories import brought_to, make_engineer, make_researcher, polled, promoted, raining, released
from tests.people import make_koc, make_member, make_staff
from tests.tasks.stories import drafted, moved

pytestmark = pytest.mark.django_db


def resting_on(*tasks: Task, **values) -> Ticket:
    return promote(by=make_researcher(), evidence=tasks, **values)


def frozen(ticket: Ticket) -> dict:
    return json.loads(ticket.snapshots.order_by("-number").first().canonical)


def outcome_of(task: Task) -> tuple[str, str, str, str]:
    row = Outcome.objects.get(task=task)
    return row.label, row.url, row.state, row.note


def api() -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=make_researcher())[0].key}")
    return client


@pytest.fixture
def at_tasks(monkeypatch):
    """Tasks have addresses, whether or not their pages are there."""
    monkeypatch.setattr(Task, "get_absolute_url", lambda task: f"/tasks/{task.pk}/")


def test_a_ticket_rests_on_a_survey_alone_and_takes_its_title():
    task = polled()
    ticket = resting_on(task)
    assert ticket.title == task.title
    row = ticket.evidence.get()
    assert (row.kind, row.thing, row.thing_id) == ("survey", task, task.pk)
    said = json.loads(AuditEntry.objects.get(ticket=ticket).canonical)
    assert said["surveys"] == [task.pk]
    assert Fact.objects.get(name="insights.TicketPromoted").payload["surveys"] == [task.pk]
    assert not verify().broken


def test_the_frozen_copy_holds_the_counts_and_the_decision():
    for name in ("lin", "wang", "zhao"):
        make_member(name)
    task = polled({"星轨": 15, "飞羽": 5})
    (survey,) = frozen(resting_on(task))["surveys"]
    assert (survey["id"], survey["title"], survey["decision"]) == (task.pk, task.title, task.decision)
    assert survey["respondents"] == 20 and survey["everyone"] is True and survey["state"] == "closed"
    assert survey["audience"] == task.audience.size == 3
    (question,) = survey["questions"]
    assert question["base"] == 20
    assert [(row["label"], row["count"]) for row in question["options"]] == [("星轨", 15), ("飞羽", 5), ("磐石", 0)]


def test_too_few_answers_stay_suppressed_and_make_no_finding():
    ticket = resting_on(polled({"星轨": 3}))
    (question,) = frozen(ticket)["surveys"][0]["questions"]
    assert question["suppressed"] is True and "options" not in question
    assert ticket.distilled_reports.get().findings == []


def test_a_copy_without_surveys_has_nothing_new_in_it():
    ticket = promoted()
    assert set(frozen(ticket)) == {
        *("schema", "method", "insight", "number", "taken_at", "lens"),
        *("threads", "topics", "passages", "reports", "corroborations", "verifications"),
    }
    assert frozen(ticket)["schema"] == "koc.snapshot/1"
    assert all(set(finding) == {"text", "reports"} for finding in ticket.distilled_reports.get().findings)
    assert "surveys" not in json.loads(AuditEntry.objects.get(ticket=ticket).canonical)


def test_what_was_cancelled_after_it_was_frozen_has_no_results_in_the_next_copy():
    task = polled()
    ticket = resting_on(task)
    moved(task, "cancelled", reason="题目写错了")
    add_evidence(by=make_researcher(), ticket=ticket)
    assert frozen(ticket)["surveys"][0]["questions"] == []
    assert json.loads(ticket.snapshots.get(number=1).canonical)["surveys"][0]["questions"]


@pytest.mark.parametrize("state", ["open", "cancelled"])
def test_a_survey_whose_numbers_do_not_stand_is_refused_with_a_sentence(state):
    task = polled(state=state)
    with pytest.raises(Invalid) as refused:
        resting_on(task)
    assert task.title in str(refused.value.fields["evidence"])
    assert not Ticket.objects.exists() and not Outcome.objects.exists()


@pytest.mark.parametrize("state", ["closed", "analysed", "reported"])
def test_a_survey_that_is_over_is_evidence(state):
    assert resting_on(polled({}, state=state)).evidence.count() == 1


def test_results_promised_to_those_who_analyse_them_go_to_no_department():
    with pytest.raises(Invalid) as refused:
        resting_on(polled(results="never"))
    assert "evidence" in refused.value.fields
    assert resting_on(polled(results="staff")).pk


def test_one_survey_lies_under_a_ticket_once():
    task = polled()
    ticket = resting_on(task, task)
    add_evidence(by=make_researcher(), ticket=ticket, evidence=[task])
    assert ticket.evidence.count() == 1 and ticket.snapshots.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketEvidence.objects.create(ticket=ticket, kind="survey", task=task)


# --- what is drafted and cited


def test_the_draft_says_how_many_of_how_many_chose_it_and_how_sure_that_is():
    task = polled({"星轨": 15, "飞羽": 5})
    draft = resting_on(task).distilled_reports.get()
    (finding,) = draft.findings
    assert finding["reports"] == [] and finding["surveys"] == [task.pk]
    for said in ("20", "15", "星轨", "53", "89"):  # Wilson: 53.1 to 88.8
        assert said in finding["text"]
    assert not claim_of_cause(finding["text"])
    assert draft.counter_examples in {"None found.", "没有发现。"}


def test_a_lead_that_may_be_chance_speaks_against_it():
    task = polled({"星轨": 6, "飞羽": 5})
    draft = resting_on(task).distilled_reports.get()
    assert "星轨" in draft.counter_examples and "飞羽" in draft.counter_examples


def test_an_option_that_claims_a_cause_is_no_finding():
    labels = ("雨水导致失败", "不清楚")
    ticket = resting_on(polled({"雨水导致失败": 6, "不清楚": 5}, labels=labels))
    draft = ticket.distilled_reports.get()
    assert draft.findings == [] and not claim_of_cause(draft.counter_examples)


def test_a_report_and_a_survey_are_drafted_side_by_side():
    report, task = raining(), polled()
    ticket = promote(by=make_researcher(), threads=[report.thread], evidence=[task])
    findings = ticket.distilled_reports.get().findings
    assert findings[0]["reports"] == [report.pk] and findings[-1]["surveys"] == [task.pk]


def test_a_finding_cites_frozen_surveys_or_is_refused():
    task, other = polled(), polled()
    ticket = resting_on(task)
    values = {"by": make_researcher(), "ticket": ticket, "counter_examples": "没有发现"}
    for cited in ({}, {"surveys": [other.pk]}, {"reports": [1]}):
        with pytest.raises(Invalid) as refused:
            distilled.write(findings=[{"text": "九成选星轨", **cited}], **values)
        assert "findings" in refused.value.fields
    written = distilled.write(findings=[{"text": "九成选星轨", "surveys": [task.pk, task.pk]}], **values)
    assert written.findings == [{"text": "九成选星轨", "reports": [], "surveys": [task.pk]}]


def test_citations_are_typed_with_a_q_and_come_back_as_they_were():
    findings = [
        {"text": "三位车主失败", "reports": [12, 15]},
        {"text": "九成选星轨", "reports": [], "surveys": [3]},
        {"text": "两样都说", "reports": [12], "surveys": [3, 40]},
    ]
    text = as_text(findings)
    assert text.splitlines() == ["三位车主失败 [12, 15]", "九成选星轨 [Q3]", "两样都说 [12, Q3, Q40]"]
    form = DistilledForm({"findings": text.replace("Q40", "q 40"), "counter_examples": "没有", "version": 1})
    assert form.is_valid() and form.cleaned_data["findings"] == findings


# --- what those who answered hear of it


def test_those_who_answered_hear_how_far_it_is_and_nothing_of_the_ticket():
    task = polled()
    ticket = resting_on(task, title="CANARY-TITLE")
    assert outcome_of(task) == (task.title, "", "noticed", "")
    assert Outcome.objects.get().key == f"ticket:{ticket.pk}"
    by = make_researcher()
    move_ticket(by=by, ticket=ticket, to="declined", expected="candidate", reason="CANARY", public_note="先不做这款")
    assert outcome_of(task) == (task.title, "", "declined", "先不做这款")
    assert Outcome.objects.count() == 1


def test_the_outcome_leads_to_the_public_thing_a_topic_before_a_thread():
    report, task = raining(), polled()
    ticket = promote(by=make_researcher(), threads=[report.thread], evidence=[task], title="CANARY")
    assert outcome_of(task)[:2] == (report.thread.title, report.thread.get_absolute_url())
    koc = make_koc()
    topic = open_topic(by=koc, title="弱光下泊车", function="auto-parking", claim="弱光下成功率下降")
    link_report(by=koc, topic=topic, report=report)
    add_evidence(by=make_researcher(), ticket=ticket, topics=[topic])
    assert outcome_of(task)[:2] == ("弱光下泊车", topic.get_absolute_url())


def test_a_thread_that_is_not_for_everybody_is_not_named():
    report, task = raining(), polled()
    Board.objects.update(visibility=BoardVisibility.MEMBERS)
    promote(by=make_researcher(), threads=[report.thread], evidence=[task])
    assert outcome_of(task)[:2] == (task.title, "")


def test_a_title_that_moderation_hid_is_not_read_on(run_deliveries):
    report, task = raining(), polled()
    promote(by=make_researcher(), threads=[report.thread], evidence=[task])
    opening, operator = Post.objects.get(thread=report.thread_id, number=1), make_staff()
    hide_post(by=operator, post=opening, reason="隐私")
    run_deliveries()
    assert outcome_of(task)[:2] == (task.title, "")
    restore_post(by=operator, post=Post.objects.get(pk=opening.pk), reason="已处理")
    run_deliveries()
    assert outcome_of(task)[0] == report.thread.title


def test_a_survey_added_later_hears_the_state_of_that_moment():
    ticket, task = brought_to(promoted(), "acknowledged"), polled()
    add_evidence(by=make_researcher(), ticket=ticket, evidence=[task])
    assert outcome_of(task)[2] == "working"


def test_a_state_that_says_nothing_leaves_what_was_said():
    ticket, task = promoted(), polled()
    add_evidence(by=make_researcher(), ticket=ticket, evidence=[task])
    released(ticket)
    assert outcome_of(task)[2] == "released"
    Ticket.objects.filter(pk=ticket.pk).update(state="partial")
    later = polled()
    add_evidence(by=make_researcher(), ticket=Ticket.objects.get(pk=ticket.pk), evidence=[later])
    assert outcome_of(task)[2] == outcome_of(later)[2] == "released"


def test_what_is_said_already_is_not_told_again():
    task = polled()
    ticket = resting_on(task)
    add_evidence(by=make_researcher(), ticket=ticket)
    assert Fact.objects.filter(name="tasks.OutcomeTold").count() == 1


def test_the_outcome_of_a_merged_ticket_follows_the_other_one():
    by, task = make_researcher(), polled()
    target = brought_to(promoted(), "acknowledged")
    source = resting_on(task)
    merge(by=by, ticket=source, into=target, expected="candidate")
    thread = target.evidence.get(kind="thread").thread
    assert outcome_of(task)[:3] == (thread.title, thread.get_absolute_url(), "working")
    target.refresh_from_db()
    move_ticket(by=by, ticket=target, to="closed_no_action", expected="acknowledged", reason="换了方案")
    assert outcome_of(task)[2:] == ("declined", "换了方案")
    assert target.evidence.filter(task=task).exists() and not verify().broken


def test_two_tickets_that_become_one_say_the_same():
    by, task = make_researcher(), polled()
    first, second, third = resting_on(task), resting_on(task), promoted()
    merge(by=by, ticket=first, into=second, expected="candidate")
    second.refresh_from_db()
    merge(by=by, ticket=second, into=third, expected="candidate")
    third.refresh_from_db()
    brought_to(third, "acknowledged")
    said = Outcome.objects.values_list("label", "url", "state", "note")
    assert len(said) == 2 and len(set(said)) == 1 and said[0][2] == "working"


def test_counts_of_people_are_what_they_were():
    promote(by=make_researcher(), threads=[raining().thread], evidence=[polled()])
    assert sum(len(counts.tickets) for counts in counts_of_all().values()) == 1


# --- API and pages


def test_a_survey_goes_under_a_ticket_by_the_number_of_its_task():
    task, later = polled(), polled()
    made = api().post("/api/v1/tickets/", {"evidence": [{"type": "survey", "id": task.pk}]}, format="json")
    assert made.status_code == 201 and made.json()["evidence"] == [{"type": "survey", "id": task.pk}]
    url = f"/api/v1/tickets/{made.json()['id']}/evidence/"
    added = api().post(url, {"evidence": [{"type": "survey", "id": later.pk}]}, format="json")
    assert added.status_code == 201 and [row["id"] for row in added.json()["content"]["surveys"]] == [task.pk, later.pk]


def test_a_survey_that_is_not_there_and_one_that_runs_are_named():
    draft = drafted()
    body = {"evidence": [{"type": "survey", "id": draft.pk + 1}]}
    for url in ("/api/v1/tickets/", f"/api/v1/tickets/{promoted().pk}/evidence/"):
        answer = api().post(url, body, format="json")
        assert answer.status_code == 400 and str(draft.pk + 1) in str(answer.json()["evidence"])
        answer = api().post(url, {"evidence": [{"type": "survey", "id": draft.pk}]}, format="json")
        assert answer.status_code == 400 and draft.title in str(answer.json()["evidence"])
    Task.objects.filter(pk=draft.pk).update(form="call")
    answer = api().post("/api/v1/tickets/", {"evidence": [{"type": "survey", "id": draft.pk}]}, format="json")
    assert answer.status_code == 400 and str(draft.pk) in str(answer.json()["evidence"])


def test_a_ticket_is_made_beside_a_survey(at_tasks):
    task = polled()
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(make_researcher())
    (link,) = [link for link in links_for("task", make_researcher(), task) if "promote" in link.url]
    page = client.get(link.url).content.decode()
    assert task.title in page and f"/tasks/{task.pk}/" in page
    made = client.post(link.url, {"kind": "wish", "title": ""})
    ticket = Ticket.objects.get()
    assert made.url == f"/desk/tickets/{ticket.pk}/" and ticket.evidence.get().thing == task
    page = client.get(made.url).content.decode()
    assert f'<a href="/tasks/{task.pk}/">Q{task.pk}</a>' in page and "Noticed by the brand" in page
    assert ticket.ref in client.get(link.url).content.decode()


def test_a_survey_that_runs_is_refused_on_the_page_and_has_no_link(at_tasks):
    task = polled(state="open")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(make_researcher())
    assert beside_task(make_researcher(), task) == []
    answer = client.post(f"/desk/promote/?task={task.pk}", {"kind": "wish"})
    assert answer.status_code == 422 and "once it is closed" in answer.content.decode()


def test_only_researchers_find_the_link_beside_a_survey():
    task = polled()
    assert len(beside_task(make_researcher(), task)) == 1
    for member in (make_staff(), make_engineer(), make_koc(), make_member("wang")):
        assert beside_task(member, task) == []


def test_the_evidence_page_shows_the_numbers_and_the_next_version_can_cite_them(at_tasks):
    task, few = polled({"星轨": 15, "飞羽": 5}), polled({"星轨": 2})
    ticket = resting_on(task, few)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(make_researcher())
    page = client.get(f"/desk/tickets/{ticket.pk}/evidence/1/").content.decode()
    for said in (task.decision, "15 / 20", "53–89 %", "Too few people answered to show numbers.", "Open to everybody"):
        assert said in page
    assert "2 / 2" not in page
    edit = f"/desk/tickets/{ticket.pk}/report/"
    assert f"Q{task.pk}" in client.get(edit).content.decode()
    values = {"version": 1, "counter_examples": "没有发现", "findings": f"九成选星轨 [Q{task.pk}]"}
    assert client.post(edit, values).status_code == 302
    assert ticket.distilled_reports.first().findings[0]["surveys"] == [task.pk]
    assert public_labels(ticket)
