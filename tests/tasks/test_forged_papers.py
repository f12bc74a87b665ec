"""PDFs that say what they do not show, and what a form does with one PDF after another."""

from __future__ import annotations

import io
from datetime import date

import pytest
from fpdf.enums import TextMode
from PIL import Image

from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from tasks.actions.expenses import edit_expense
from tasks.models import Envelope, Expense
from tests.people import make_member
from tests.tasks.initiatives import koc
from tests.tasks.money import granted, handed_in, kept, staff
from tests.tasks.test_money_pages import desk_of, pages_of, typed
from tests.tasks.test_pages import client_of
from tests.tasks.test_survey_api import api
from tests.uploads.papers import NUMBER, fapiao, page, sent

pytestmark = pytest.mark.django_db
OTHER = "26342000000099999999"
EMPTY = {"amount": "", "fapiao": "", "payee": "", "issued_on": ""}


def paper(content: bytes | None = None, **values) -> Upload:
    return receive(by=koc(), file=sent(content or fapiao(**values)), meant_for="expense")


def new(envelope: Envelope) -> str:
    return f"{pages_of(envelope)}new/"


def copy_of(upload: Upload, quality: int = 60) -> bytes:
    """The page as a picture in a new PDF, with another number in words that nobody sees."""
    file = io.BytesIO()
    with upload.display.open("rb") as shown, Image.open(shown) as image:
        image.convert("RGB").save(file, "JPEG", quality=quality)
    pdf = page(format=(210, 140))
    pdf.image(file, 0, 0, 210, 140)
    with pdf.local_context(text_mode=TextMode.INVISIBLE):
        pdf.text(5, 5, f"发票 发票号码：{OTHER} 开票日期：2026年11月01日 （小写）￥120.00")
    return bytes(pdf.output())


# --- I14: what a file says and does not show


def test_i14_a_hidden_number_neither_silences_the_warning_nor_agrees():
    first = handed_in(granted(), 12_000, receipt=paper())
    again = handed_in(granted(title="雪地"), 12_000, receipt=paper(copy_of(first.receipt)), issued_on=date(2026, 11, 1))
    assert (again.looks_like, again.receipt.words.strip(), again.fapiao) == (first, "", "")
    desk = client_of(staff("approver")).get(f"{desk_of(again.envelope)}{again.pk}/").content.decode()
    assert "purse-agrees" not in desk and f"{desk_of(first.envelope)}{first.pk}/" in desk


def test_i14_a_font_that_names_other_letters_than_it_draws_does_not_silence_the_warning():
    """The drawn page is the same; only its words were changed."""
    first = handed_in(granted(), receipt=paper())
    forged = paper(copy_of(first.receipt))
    Upload.objects.filter(pk=forged.pk).update(words=f"发票号码：{OTHER}")
    forged.refresh_from_db()
    assert handed_in(granted(title="雪地"), receipt=forged).looks_like == first


@pytest.mark.parametrize("values", [{"number": OTHER}, {"number": "26342000000012345691", "amount": "77.00"}])
def test_i14_two_fapiaos_of_one_form_with_other_numbers_are_two(values):
    handed_in(granted(), 12_000, receipt=paper())
    assert handed_in(granted(title="雪地"), 13_000, receipt=paper(**values)).looks_like is None


# --- one PDF after another


def test_a_second_pdf_takes_the_place_of_what_the_first_one_said():
    envelope, client = granted(), client_of(koc())
    client.post(new(envelope), {**typed(envelope, **EMPTY), "read": "1", "new_uploads": sent(fapiao())})
    first = Upload.objects.get()
    shown = typed(envelope, amount="120.00", fapiao=NUMBER, issued_on="2026-11-01")
    other = sent(fapiao(number=OTHER, amount="77.00", day="2026年11月05日"))
    answer = client.post(new(envelope), {**shown, "read": "1", "uploads": [first.pk], "new_uploads": other})
    text = answer.content.decode()
    assert all(f'value="{value}"' in text for value in (OTHER, "77.00", "2026-11-05"))
    assert NUMBER not in text and "已从 PDF 里读出来填好" in text


def test_what_only_the_first_pdf_said_does_not_stay():
    envelope, client = granted(), client_of(koc())
    client.post(new(envelope), {**typed(envelope, **EMPTY), "read": "1", "new_uploads": sent(fapiao())})
    shown = {**typed(envelope, amount="120.00", fapiao=NUMBER), "uploads": [Upload.objects.get().pk]}
    answer = client.post(new(envelope), {**shown, "read": "1", "new_uploads": sent(bytes(page().output()))})
    assert NUMBER not in answer.content.decode() and 'value="120.00"' not in answer.content.decode()


def test_what_was_typed_and_differs_stays_and_is_said():
    envelope, client = granted(), client_of(koc())
    typed_so = typed(envelope, amount="99", fapiao=OTHER, issued_on="2026-11-01")
    text = client.post(new(envelope), {**typed_so, "read": "1", "new_uploads": sent(fapiao())}).content.decode()
    said = text.partition('role="status" data-newer>')[2].partition("</p>")[0]
    assert "金额" in said and "发票号码" in said and "日期" not in said
    assert f'value="{OTHER}"' in text and 'value="99"' in text


def test_an_expense_that_is_changed_gives_way_to_its_new_pdf():
    made = handed_in(granted(), 12_000, receipt=paper(), issued_on=date(2026, 11, 1))
    shown = typed(made.envelope, amount="120.00", fapiao=NUMBER, issued_on="2026-11-01")
    other = sent(fapiao(number=OTHER, amount="77.00"))
    text = client_of(koc()).post(made.get_absolute_url(), {**shown, "read": "1", "new_uploads": other}).content.decode()
    assert f'value="{OTHER}"' in text and 'value="77.00"' in text


def test_a_number_that_was_taken_from_the_pdf_is_said():
    envelope, client = granted(), client_of(koc())
    answer = client.post(new(envelope), {**typed(envelope, fapiao=""), "new_uploads": sent(fapiao())}, follow=True)
    assert f"发票号码是从 PDF 里读出来的：{NUMBER}" in answer.content.decode()
    made = Expense.objects.get()
    answer = client.post(made.get_absolute_url(), typed(envelope, fapiao=""), follow=True)
    assert f"发票号码是从 PDF 里读出来的：{NUMBER}" in answer.content.decode()
    answer = client.post(made.get_absolute_url(), typed(envelope, fapiao=NUMBER), follow=True)
    assert "发票号码是从 PDF 里读出来的" not in answer.content.decode()


# --- who gives one, who sees it


def test_a_pdf_is_taken_from_who_leads_something_that_was_granted_money():
    granted()
    for who, expected in ((koc(), 201), (make_member("lin"), 400), (staff("operator"), 400)):
        said = {"file": sent(fapiao()), "meant_for": "expense"}
        assert api(who).post("/api/v1/uploads/", said, format="multipart").status_code == expected


def test_a_receipt_is_sealed_from_operators_before_it_is_handed_in_and_after_it_was_replaced():
    envelope, operator = granted(), client_of(staff("operator"))
    pdf = paper()
    assert operator.get(pdf.document_url).status_code == operator.get(pdf.url).status_code == 404
    made = handed_in(envelope, receipt=pdf)
    edit_expense(by=koc(), expense=made, draft=kept(made, receipt=paper(number=OTHER), fapiao=OTHER))
    pdf.refresh_from_db()
    assert pdf.number is None and operator.get(pdf.document_url).status_code == 404
    assert client_of(koc()).get(pdf.document_url).status_code == 200


def test_a_busy_or_broken_reader_takes_nothing_that_was_typed(monkeypatch):
    envelope, client = granted(), client_of(koc())

    def refuse(*_args, **_values):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("subprocess.run", refuse)
    answer = client.post(new(envelope), {**typed(envelope, fapiao="12345678"), "new_uploads": sent(fapiao())})
    text = answer.content.decode()
    assert answer.status_code == 422 and "暂时读不了 PDF" in text
    assert "矿泉水" in text and 'value="12345678"' in text and not Expense.objects.exists()


# --- Enter


def test_enter_hands_in_and_does_not_look_into_the_pdf():
    """Browsers press the first submit button of a form, and Safari the first one that is rendered."""
    text = client_of(koc()).get(pages_of(granted())).content.decode()
    form = text.partition(f'action="{new(Envelope.objects.get())}"')[2].partition("</form>")[0]
    first = form.partition("<button")[2].partition(">")[0]
    assert "name=" not in first and "hidden " not in f"{first} ".replace("aria-hidden", "") and 'tabindex="-1"' in first
