"""A PDF as the receipt of an expense: handed in, read, compared with what was typed, paid once, seen by its people alone."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Invalid
from kocforum.members.download import archive
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from tasks.actions.expenses import edit_expense
from tasks.models import Envelope, Expense
from tasks.queries.money_exports import table_of_expenses
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.initiatives import agreed, koc
from tests.tasks.money import approved, granted, handed_in, kept, receipt, staff
from tests.tasks.test_money_pages import desk_of, pages_of, typed
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api
from tests.uploads.made import drawn, given, photo
from tests.uploads.papers import NUMBER, blank, fapiao, sent

pytestmark = pytest.mark.django_db
OTHER = "26342000000099999999"
DAY = date(2026, 11, 1)


def paper(by=None, content: bytes | None = None, **values) -> Upload:
    return receive(by=by or koc(), file=sent(content or fapiao(**values)), meant_for="expense")


def new(envelope: Envelope) -> str:
    return f"{pages_of(envelope)}new/"


# --- from the page


def test_a_fapiao_that_came_by_mail_is_handed_in_as_it_is():
    envelope, client = granted(), client_of(koc())
    page = client.get(pages_of(envelope)).content.decode()
    assert 'accept="image/*,application/pdf,.pdf"' in page and "10 MB" in page
    content = fapiao()
    answer = client.post(new(envelope), {**typed(envelope), "new_uploads": sent(content)})
    made = Expense.objects.get()
    assert answer.status_code == 302
    assert (made.fapiao, made.receipt.kind, made.receipt.document.read()) == (NUMBER, "paper", content)
    for path, who in ((made.get_absolute_url(), koc()), (f"{desk_of(envelope)}{made.pk}/", staff("approver"))):
        page = client_of(who).get(path).content.decode()
        assert made.receipt.document_url in page and f'<img src="{made.receipt.medium_url}"' in page
    assert made.receipt.thumbnail_url in client_of(staff("approver")).get("/desk/money/").content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (fapiao(locked="1234"), "密码"),
        (fapiao()[:4000], "损坏"),
        (blank(pages=11), "10 页"),
        (b"<?xml version='1.0'?><EInvoice/>", "OFD"),
        (b"MZ nothing of a receipt", "不能当票据"),
    ],
)
def test_a_file_that_cannot_be_shown_is_refused_and_what_was_typed_stays(content, sentence):
    envelope, client = granted(), client_of(koc())
    answer = client.post(new(envelope), {**typed(envelope, fapiao="12345678"), "new_uploads": sent(content)})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert "矿泉水" in page and "黄山水站" in page and 'value="12345678"' in page and 'value="120.00"' in page
    assert not Expense.objects.exists() and not Upload.objects.exists()


def test_the_pdf_stays_when_something_else_is_wrong():
    envelope, client = granted(50_000), client_of(koc())
    answer = client.post(new(envelope), {**typed(envelope, amount="900"), "new_uploads": sent(fapiao())})
    kept_one, page = Upload.objects.get(), answer.content.decode()
    assert answer.status_code == 422
    assert f'name="uploads" value="{kept_one.pk}"' in page and kept_one.document_url in page
    assert client.post(new(envelope), {**typed(envelope), "uploads": [kept_one.pk]}).status_code == 302
    assert Expense.objects.get().receipt == kept_one


def test_the_form_is_filled_from_the_pdf_by_a_button_and_nothing_is_handed_in():
    envelope, client = granted(), client_of(koc())
    said = {**typed(envelope, amount="", fapiao="", payee="", issued_on=""), "read": "1", "new_uploads": sent(fapiao())}
    answer = client.post(new(envelope), said)
    page = answer.content.decode()
    assert answer.status_code == 200 and not Expense.objects.exists()
    assert f'value="{NUMBER}"' in page and 'value="120.00"' in page and 'value="2026-11-01"' in page
    assert "矿泉水" in page and f'value="{Upload.objects.get().pk}"' in page and "data-newer" in page
    assert 'class="errors"' not in page


def test_what_was_typed_is_not_overwritten_and_a_day_that_was_only_proposed_is():
    envelope, client = granted(), client_of(koc())
    typed_so = typed(envelope, amount="99", fapiao=OTHER, issued_on=str(timezone.localdate()))
    page = client.post(new(envelope), {**typed_so, "read": "1", "new_uploads": sent(fapiao())}).content.decode()
    assert f'value="{OTHER}"' in page and 'value="99"' in page and 'value="2026-11-01"' in page
    abroad = client.post(
        new(envelope),
        {**typed(envelope, amount="", currency="EUR"), "read": "1", "new_uploads": sent(fapiao(goods="茶"))},
    ).content.decode()
    assert 'value="120.00"' not in abroad


def test_a_button_without_a_file_or_with_a_bad_one_says_what_is_missing():
    envelope, client = granted(), client_of(koc())
    for files, sentence in (({}, "PDF"), ({"new_uploads": sent(fapiao(locked="1"))}, "密码")):
        answer = client.post(new(envelope), {**typed(envelope, payee=""), "read": "1", **files})
        page = answer.content.decode()
        assert answer.status_code == 422 and sentence in page and page.count('class="errors"') == 1
    answer = client.post(new(envelope), {**typed(envelope), "read": "1", "new_uploads": given(photo(drawn()))})
    assert answer.status_code == 200 and not Expense.objects.exists()


def test_an_expense_that_is_changed_is_read_from_its_new_pdf():
    made = handed_in(granted(), 12_000, payee="黄山水站")
    path, client = made.get_absolute_url(), client_of(koc())
    page = client.post(path, {**typed(made.envelope, fapiao=""), "read": "1", "new_uploads": sent(fapiao())})
    assert page.status_code == 200 and f'value="{NUMBER}"' in page.content.decode()
    assert Expense.objects.get().fapiao == ""
    given_one = Upload.objects.get(kind="paper")
    assert client.post(path, {**typed(made.envelope, fapiao=""), "uploads": [given_one.pk]}).status_code == 302
    made.refresh_from_db()
    assert (made.fapiao, made.receipt, made.revision) == (NUMBER, given_one, 2)


# --- what the paper says


def test_who_approves_reads_where_the_paper_says_something_else():
    envelope = granted()
    made = handed_in(envelope, 13_000, receipt=paper(), fapiao=OTHER, issued_on=date(2026, 11, 2))
    path = f"{desk_of(envelope)}{made.pk}/"
    page = client_of(staff("approver")).get(path).content.decode()
    says = page.partition('class="purse-says"')[2].partition("</dl>")[0]
    assert "票面写的是" in page and NUMBER in says and "¥120.00" in says and "2026-11-01" in says
    told = api(staff("approver")).get(f"/api/v1/initiatives/{envelope.initiative_id}/expenses/{made.pk}/").json()
    assert told["paper"] == {
        "fapiao": NUMBER, "issued_on": "2026-11-01", "amount_minor": 12_000, "differs": ["fapiao", "amount_minor", "issued_on"],
    }  # fmt: skip


def test_what_agrees_is_said_in_a_line_and_what_cannot_be_read_is_not_said():
    envelope, approver = granted(), client_of(staff("approver"))
    rows = (
        (handed_in(envelope, 12_000, receipt=paper(), issued_on=DAY), (False, True)),
        (handed_in(envelope, 1_000, receipt=paper(content=blank())), (False, False)),
        (handed_in(envelope, 1_000), (False, False)),
    )
    for made, shown in rows:
        page = approver.get(f"{desk_of(envelope)}{made.pk}/").content.decode()
        assert ('class="purse-says"' in page, "purse-agrees" in page) == shown


def test_an_amount_in_another_currency_is_not_compared_with_the_one_on_a_fapiao():
    day = {"rate": Decimal(8), "rate_on": DAY}
    made = handed_in(granted(), 1_500, receipt=paper(), currency="EUR", issued_on=DAY, **day)
    page = client_of(staff("approver")).get(f"{desk_of(made.envelope)}{made.pk}/").content.decode()
    assert 'class="purse-says"' not in page


def test_the_desk_reads_a_pdf_at_no_further_query():
    envelope, approver = granted(), client_of(staff("approver"))
    picture, pdf = handed_in(envelope), handed_in(envelope, receipt=paper())
    assert cost(approver, f"{desk_of(envelope)}{picture.pk}/") == cost(approver, f"{desk_of(envelope)}{pdf.pk}/")


# --- I14: paid once


def test_i14_a_number_that_stands_on_the_pdf_counts_when_none_was_typed():
    envelope = granted()
    first = handed_in(envelope, receipt=paper())
    for values in ({"receipt": paper(goods="又一份")}, {"receipt": receipt(), "fapiao": NUMBER}):
        with pytest.raises(Conflict, match="发票"):
            handed_in(granted(title="雪地"), **values)
    assert list(Expense.objects.all()) == [first] and first.fapiao == NUMBER
    made = handed_in(envelope)
    with pytest.raises(Conflict):
        edit_expense(by=koc(), expense=made, draft=kept(made, receipt=paper(goods="第三份")))


def test_i14_the_page_refuses_it_with_the_sentence_and_keeps_the_pdf():
    envelope, client = granted(), client_of(koc())
    handed_in(envelope, receipt=paper())
    answer = client.post(new(envelope), {**typed(envelope), "new_uploads": sent(fapiao(goods="又一份"))})
    page = answer.content.decode()
    assert answer.status_code == 422 and "这张发票已经交过了" in page and "黄山水站" in page
    assert f'name="uploads" value="{Upload.objects.loose().get().pk}"' in page


def test_i14_the_same_file_is_paid_once():
    content = blank()
    handed_in(granted(), receipt=paper(content=content))
    with pytest.raises(Conflict, match="票据"):
        handed_in(granted(title="雪地"), receipt=paper(content=content))


def test_i14_a_paper_under_another_number_is_noticed():
    first = handed_in(granted(), receipt=paper())
    assert handed_in(granted(title="雪地"), receipt=paper(goods="又一份"), fapiao=OTHER).looks_like == first


def test_i14_two_fapiaos_of_one_form_are_two():
    first = handed_in(granted(), 12_000, receipt=paper())
    other = handed_in(granted(title="雪地"), 13_000, receipt=paper(number=OTHER, amount="130.00"))
    assert (other.looks_like, other.fapiao) == (None, OTHER)
    again = handed_in(granted(title="夜骑"), 14_000, receipt=paper(number="", amount="140.00"))
    assert again.looks_like == first  # no number to tell it by, and the same form


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i14_the_same_fapiao_in_four_files_at_once_is_handed_in_once():
    envelope, other = granted(), granted(title="雪地")
    files = [paper(goods=f"第 {number} 份") for number in range(4)]
    results = at_once(
        *(
            lambda file=file, at=at: handed_in(at, 1_000, receipt=file)
            for file, at in zip(files, (envelope, other, envelope, other), strict=True)
        )
    )
    assert sum(isinstance(result, Conflict) for result in results) == 3 and Expense.objects.get().fapiao == NUMBER


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i14_the_same_pdf_twice_at_once_is_handed_in_once():
    envelope, other = granted(), granted(title="雪地")
    content = blank()
    files = [paper(content=content) for _number in range(2)]
    results = at_once(
        *(
            lambda file=file, at=at: handed_in(at, 1_000, receipt=file)
            for file, at in zip(files, (envelope, other), strict=True)
        )
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1 and Expense.objects.count() == 1


# --- who sees it, files, JSON


def test_a_pdf_is_saved_by_the_people_of_the_money_and_by_nobody_else():
    made = approved(granted(), receipt=paper())
    addresses = [made.receipt.url, made.receipt.thumbnail_url, made.receipt.document_url]
    for who in (koc(), agreed(made.envelope.initiative), staff("approver"), staff("finance")):
        assert [client_of(who).get(address).status_code for address in addresses] == [200] * 3
    for who in (None, make_member("lin"), staff("operator"), staff("researcher"), staff("engineer")):
        assert [client_of(who).get(address).status_code for address in addresses] == [404] * 3
        path = f"/api/v1/initiatives/{made.envelope.initiative_id}/expenses/{made.pk}/"
        assert api(who).get(path).status_code in (401, 404)
        assert api(who).get(f"/api/v1/uploads/{made.receipt_id}/").status_code in (401, 404)


def test_a_pdf_is_handed_in_over_the_api():
    envelope = granted()
    client = api(koc())
    upload = client.post(
        "/api/v1/uploads/", {"file": sent(fapiao()), "meant_for": "expense"}, format="multipart"
    ).json()
    said = {"amount_minor": 12_000, "currency": "CNY", "receipt": upload["id"], "what": "水", "issued_on": "2026-11-01"}
    path = f"/api/v1/initiatives/{envelope.initiative_id}/expenses/"
    told = client.post(path, said, format="json").json()
    assert (told["fapiao"], told["receipt_document_url"]) == (NUMBER, upload["document_url"])
    assert told["paper"]["differs"] == []
    again = client.post(
        "/api/v1/uploads/", {"file": sent(fapiao(goods="x")), "meant_for": "expense"}, format="multipart"
    )
    assert client.post(path, {**said, "receipt": again.json()["id"]}, format="json").status_code == 409
    picture = handed_in(envelope)
    told = client.get(f"{path}{picture.pk}/").json()
    assert (told["receipt_document_url"], told["paper"]) == ("", None)


def test_files_for_the_books_and_the_own_data_call_a_pdf_a_pdf():
    envelope = granted()
    made = handed_in(envelope, receipt=paper())
    handed_in(envelope)
    table = table_of_expenses(staff("finance"))
    column = table.head.index("票据文件")
    assert [row[column] for row in table.rows] == ["发票.pdf", "r.webp"]
    with zipfile.ZipFile(archive(koc())) as mine:
        assert mine.read(f"uploads/{made.receipt_id}-发票.pdf") == made.receipt.document.read()


def test_photos_of_the_account_are_pictures():
    envelope, client = granted(), client_of(koc())
    answer = client.post(f"{pages_of(envelope)}account/", {"words": "水都喝完了。", "new_uploads": sent(fapiao())})
    assert answer.status_code == 422 and "PDF 只能当票据用" in answer.content.decode()
    with pytest.raises(Invalid):
        receive(by=koc(), file=sent(fapiao()), meant_for="account")
