"""Quotes from calls under tickets: taken in one step, frozen without their words, answered where they were said."""

from __future__ import annotations

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from insights.actions import distilled
from insights.actions.audit import content_of
from insights.actions.tickets import promote
from insights.forms.distilled import DistilledForm, as_text
from insights.models import Ticket
from kocforum.errors import Invalid
from kocforum.members.models import Member
from tasks.actions.codes import add_code, codebook_of_call
from tasks.actions.coding import apply_code, begin_coding, take_quote
from tasks.actions.entries import set_rights, withdraw_entry
from tasks.actions.manuscripts import Rights
from tasks.models import Outcome, Quote
from tests.tasks.calls import again, given, open_call
from tests.tasks.stories import make_researcher
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db

WORDS = "第三次它停在半路"


def quote_of() -> Quote:
    call, by = open_call(), make_researcher()
    entry = given(call, "lin")
    book = codebook_of_call(call)
    code = add_code(by=by, book=book, name="雨天失败")
    coder, start = begin_coding(by=by, book=book), entry.body.index(WORDS)
    span = apply_code(by=by, coder=coder, entry=entry, code=code, start=start, end=start + len(WORDS))
    return take_quote(by=by, span=span, paraphrase="雨夜里三次有一次没停完")


def test_a_quote_becomes_evidence_in_one_step_and_its_call_shows_what_came_of_it():
    quote = quote_of()
    desk = client_of(make_researcher())
    assert "雨夜里三次有一次没停完" in desk.get(f"/desk/promote/?quote={quote.pk}").content.decode()
    made = desk.post(f"/desk/promote/?quote={quote.pk}", {"kind": "defect"})
    ticket = Ticket.objects.get()
    assert made.status_code == 302 and ticket.title == "雨夜里三次有一次没停完"
    assert Outcome.objects.get().task == quote.entry.call.task
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert f"#quote-{quote.pk}" in page
    assert ticket.distilled_reports.first().findings[0]["quotes"] == [quote.pk]
    here = quote.entry.get_absolute_url()
    told = client_of(Member.objects.get(username="lin")).get(here).content.decode()
    assert f'id="quote-{quote.pk}"' in told and "雨夜里三次有一次没停完" in told
    assert "雨夜里三次有一次没停完" not in client_of().get(here).content.decode()


def test_the_frozen_copy_has_the_paraphrase_and_not_the_words():
    quote, by = quote_of(), make_researcher()
    ticket = promote(by=by, evidence=[quote])
    snapshot = ticket.snapshots.get()
    (frozen,) = content_of(snapshot)["quotes"]
    assert frozen["paraphrase"] == "雨夜里三次有一次没停完" and len(frozen["sha256"]) == 64
    assert WORDS not in snapshot.canonical and frozen["owner"] != quote.entry.author_id
    desk = client_of(by)
    assert WORDS in desk.get(f"/desk/tickets/{ticket.pk}/evidence/{snapshot.number}/").content.decode()
    withdraw_entry(by=Member.objects.get(username="lin"), entry=again(quote.entry))
    after = desk.get(f"/desk/tickets/{ticket.pk}/evidence/{snapshot.number}/").content.decode()
    assert WORDS not in after and "雨夜里三次有一次没停完" in after
    with pytest.raises(Invalid):
        promote(by=by, evidence=[Quote.objects.get()])


def test_findings_cite_quotes_with_a_v():
    quote, by = quote_of(), make_researcher()
    ticket = promote(by=by, evidence=[quote])
    said = {"text": "雨夜里没停完", "reports": [], "quotes": [quote.pk]}
    assert as_text([said]) == f"雨夜里没停完 [V{quote.pk}]"
    form = DistilledForm(
        {
            "findings": f"雨夜里没停完 [V{quote.pk}]",
            "counter_examples": "没有发现",
            "recommendation": "看一看",
            "version": "1",
        }
    )
    assert form.is_valid(), form.errors
    row = distilled.write(by=by, ticket=ticket, **form.cleaned_data)
    assert row.findings == [said]
    with pytest.raises(Invalid):
        distilled.write(
            by=by, ticket=ticket, **{**form.cleaned_data, "version": 2, "findings": [{**said, "quotes": [999]}]}
        )


def test_quotes_come_by_json_too():
    quote, by = quote_of(), make_researcher()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=by).key}")
    made = client.post("/api/v1/tickets/", {"evidence": [{"type": "quote", "id": quote.pk}]}, format="json")
    assert made.status_code == 201, made.json()
    assert {"type": "quote", "id": quote.pk} in [
        {"type": row["type"], "id": row["id"]} for row in made.json()["evidence"]
    ]


@pytest.mark.parametrize("how", ["entry", "rights"])
def test_l8_the_ticket_of_a_withdrawn_quote_says_so_and_leads_nowhere(how):
    quote, by = quote_of(), make_researcher()
    ticket, lin = promote(by=by, evidence=[quote]), Member.objects.get(username="lin")
    here, desk = f"/desk/tickets/{ticket.pk}/", client_of(by)
    before = desk.get(here).content.decode()
    assert f"#quote-{quote.pk}" in before and "已撤回" not in before
    if how == "entry":
        withdraw_entry(by=lin, entry=again(quote.entry))
    else:
        set_rights(by=lin, entry=again(quote.entry), rights=Rights(quote_inside=False))
    page = desk.get(here).content.decode()
    assert f"#quote-{quote.pk}" not in page and "已撤回" in page
    assert "雨夜里三次有一次没停完" in page and f"V{quote.pk}" in page


def test_a_quote_leads_to_its_ticket_from_the_wall_and_from_the_mark():
    quote, by = quote_of(), make_researcher()
    ticket, desk = promote(by=by, evidence=[quote]), client_of(by)
    coding = f"/desk/tasks/{quote.entry.call.task_id}/coding/"
    for place in (f"{coding}quotes/", f"{coding}{quote.entry_id}/"):
        page = desk.get(place).content.decode()
        assert f"/desk/tickets/{ticket.pk}/" in page and ticket.ref in page and str(ticket.get_state_display()) in page
    assert ticket.ref in desk.get(f"{coding}export/?as=csv").content.decode("utf-8-sig")
