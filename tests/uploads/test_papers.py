"""PDFs: taken for a receipt and for nothing else, kept as they were sent, shown by a picture, and never trusted."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from kocforum.errors import Conflict, Invalid
from kocforum.members.models import Member
from kocforum.uploads import actions, kinds, queries
from kocforum.uploads.models import Upload

from . import papers
from .made import given, photo
from .papers import fapiao, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bills(things):
    """A kind that takes PDFs and that only its own member sees, beside the two that do not."""
    kinds.register("bill", lambda user: Member.objects.filter(pk=user.pk), papers=lambda member: True, sealed=True)


def receive(by, content: bytes, name: str = "发票.pdf", meant_for: str = "bill") -> Upload:
    return actions.receive(by=by, file=sent(content, name), meant_for=meant_for)


def refusal(by, content: bytes, **values) -> str:
    with pytest.raises(Invalid) as refused:
        receive(by, content, **values)
    assert not Upload.objects.exists() and not default_storage.exists("uploads")
    return refused.value.fields["file"][0]


# --- taken


def test_a_pdf_is_kept_as_it_was_sent_and_shown_by_its_first_page(owner, bills):
    content = fapiao()
    upload = receive(owner, content)
    assert (upload.kind, upload.original_name, upload.width) == ("paper", "发票.pdf", 2048)
    assert upload.document.read() == content and papers.NUMBER in upload.words
    with Image.open(upload.display) as page, Image.open(upload.thumbnail) as small:
        assert page.size == (upload.width, upload.height) and max(small.size) == 480
        assert page.format == "WEBP" and page.convert("L").getextrema()[0] < 100  # something is written on it
    assert actions.make_sizes(upload=upload)
    upload.refresh_from_db()
    assert upload.medium and len(upload.files()) == 4


def test_what_a_file_is_says_its_bytes_and_not_its_name(owner, bills):
    assert receive(owner, fapiao(), "photo.jpg").kind == "paper"
    picture = receive(owner, photo(), "发票.pdf")
    assert (picture.kind, picture.words, bool(picture.document)) == ("image", "", False)
    assert queries.served_name(picture, picture.display.name) == "发票.webp"


def test_a_pdf_that_is_only_closed_to_changes_is_taken(owner, bills):
    assert papers.NUMBER in receive(owner, fapiao(closed=True)).words


def test_words_hold_nothing_that_a_database_refuses(owner, bills):
    assert receive(owner, fapiao(goods="水\u200b\ufffe")).words.isprintable() is False  # lines stay lines
    words = Upload.objects.get().words
    assert not {"\0", "\u200b", "\ufffe"} & set(words) and "*水*" in words


# --- refused


@pytest.mark.parametrize("meant_for", ["", "page", "avatar"])
def test_a_pdf_is_refused_where_only_pictures_are_taken(owner, bills, meant_for):
    assert refusal(owner, fapiao(), meant_for=meant_for).startswith("A PDF can only be a receipt.")


def test_a_pdf_cannot_be_slipped_under_a_thing_that_takes_pictures(owner, bills):
    upload = receive(owner, fapiao())
    with pytest.raises(Invalid, match="only be a receipt"):
        actions.attach(by=owner, uploads=[upload], kind="page", object_id=owner.pk)
    assert queries.named_in(owner, f"![x]({upload.url})") == []
    assert actions.attach(by=owner, uploads=[upload], kind="bill", object_id=owner.pk) == [upload]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (fapiao(locked="1234"), "locked with a password"),
        (fapiao()[:4000], "damaged or incomplete"),
        (b"%PDF-1.7\n" + bytes(500), "damaged or incomplete"),
        (papers.raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 5>>"]), "damaged"),
        (papers.blank(pages=11), "more than 10 pages"),
        (b"<html><script>x()</script>" + fapiao(), "damaged or incomplete"),
        (b"PK\x03\x04" + fapiao(), "damaged or incomplete"),
        (b"\xef\xbb\xbf" + fapiao(), "damaged or incomplete"),
        (b"<html>" + bytes(1024) + fapiao(), "This kind of file cannot be a receipt."),
        (b"\xff\xd8\xff\xe0" + fapiao(), "damaged or incomplete"),
        (b"<svg/>", "This kind of file cannot be a receipt."),
    ],
    ids=[
        "locked",
        "cut",
        "empty",
        "loop",
        "pages",
        "page of the web",
        "archive",
        "mark before it",
        "far behind",
        "photo",
        "drawing",
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_sentence_and_nothing_stays(owner, bills, content, sentence):
    assert sentence in refusal(owner, content)


def ofd() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("OFD.xml", "<ofd:OFD/>")
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [ofd(), b'<?xml version="1.0"?><EInvoice/>', b"\xef\xbb\xbf\n<?xml ?>", b"<EInvoice/>"]
)
def test_a_fapiao_for_machines_is_asked_for_as_pdf_or_picture(owner, bills, content):
    assert refusal(owner, content, name="发票.pdf").startswith("An OFD or XML file cannot be shown here.")
    assert refusal(owner, content, meant_for="page").startswith("This kind of file cannot be added.")


def test_a_large_file_is_refused_before_it_is_read(owner, bills, settings, monkeypatch):
    settings.UPLOADS = {"PDF_BYTES": 1024 * 1024}
    monkeypatch.setattr("subprocess.run", None)
    assert refusal(owner, fapiao() + bytes(1024 * 1024)) == "This PDF is larger than 1 MB."


# --- files that mean no good


@pytest.mark.parametrize(
    "content",
    [
        papers.of_one_page(box=b"0 0 14400000 14400000"),
        papers.of_one_page(box=b"0 0 1 100000"),
        papers.bomb_of_pixels(),
        papers.raw(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            ]
        ),
    ],
    ids=["huge page", "thin page", "huge image", "pages that are not there"],
)
def test_what_a_file_announces_is_not_what_it_gets(owner, bills, content):
    upload = receive(owner, content)
    assert max(upload.width, upload.height) <= 2048
    assert upload.display.size < 1024 * 1024


def test_a_page_that_is_drawn_without_end_is_stopped(owner, bills, settings):
    settings.UPLOADS = {"PDF_SECONDS": 1}
    assert "takes more to draw" in refusal(owner, papers.bomb_of_strokes())


def test_the_reader_gets_so_much_memory_and_not_more(owner, bills, settings):
    settings.UPLOADS = {"PDF_MEMORY": 32 * 1024 * 1024}
    assert "takes more to draw" in refusal(owner, fapiao())


def test_no_script_of_a_pdf_is_run(owner, bills):
    assert not {"V8", "XFA"} & set(pypdfium2.PDFIUM_INFO.flags)
    with_it, without = (receive(owner, papers.form(script=script)) for script in (True, False))
    assert with_it.display.read() == without.display.read()


def test_the_reader_knows_no_secret_of_the_site(owner, bills, monkeypatch, tmp_path):
    """A reader that tells what it was given gets none of it."""
    told = tmp_path / "told"
    spy = tmp_path / "reader.py"
    spy.write_text(f"import os; open({str(told)!r}, 'w').write(repr(dict(os.environ)))")
    monkeypatch.setattr("kocforum.uploads.actions.media.papers.READER", spy)
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    with pytest.raises(Conflict):
        receive(owner, fapiao())
    assert "LC_ALL" in told.read_text() and "s3cret" not in told.read_text()


# --- served


def test_a_pdf_is_saved_and_never_shown_on_our_address(owner, bills):
    upload = receive(owner, fapiao(), 'x".html')
    client = Client()
    client.force_login(owner)
    response = client.get(upload.document_url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="x_.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, max-age=300" and "Cookie" in response["Vary"]
    assert b"".join(response.streaming_content) == upload.document.read()
    assert client.get(upload.url)["Content-Disposition"] == 'inline; filename="x_.webp"'


def test_a_pdf_is_served_to_who_may_see_its_thing_and_to_nobody_else(owner, stranger, person, bills):
    upload = receive(owner, fapiao())
    addresses = [upload.url, upload.thumbnail_url, upload.document_url]
    operator = person("op", is_staff=True, role="operator")
    for attached in (False, True):
        if attached:
            actions.attach(by=owner, uploads=[upload], kind="bill", object_id=owner.pk)
        for who, expected in ((None, 404), (stranger, 404), (owner, 200), (operator, 404)):
            client = Client()
            if who:
                client.force_login(who)
            assert [client.get(address).status_code for address in addresses] == [expected] * 3


def test_a_picture_has_no_document(owner, picture):
    client = Client()
    client.force_login(owner)
    assert picture.document_url == ""
    assert client.get(f"/uploads/{picture.token}/document").status_code == 404


def test_the_database_keeps_a_pdf_with_its_file(owner, picture, bills):
    upload = receive(owner, fapiao())
    for row, values in ((upload, {"document": ""}), (picture, {"kind": "paper"}), (picture, {"document": "x.pdf"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Upload.objects.filter(pk=row.pk).update(**values)


# --- given over the API, taken along, removed


def test_the_api_takes_a_pdf_for_what_takes_one(owner, bills):
    api = APIClient()
    api.force_authenticate(owner)
    refused = api.post("/api/v1/uploads/", {"file": sent(fapiao())}, format="multipart")
    assert (refused.status_code, list(refused.json())) == (400, ["file"])
    answer = api.post("/api/v1/uploads/", {"file": sent(fapiao()), "meant_for": "bill"}, format="multipart")
    upload = Upload.objects.get()
    assert answer.status_code == 201 and answer.json()["kind"] == "paper"
    assert answer.json()["document_url"] == f"/uploads/{upload.token}/document"
    shown = api.get(f"/api/v1/uploads/{upload.pk}/").json()
    assert shown == answer.json() and "words" not in shown


def test_whoever_takes_the_own_data_along_gets_the_pdf_itself(owner, bills):
    content = fapiao()
    upload = receive(owner, content, "十一月 发票.pdf")
    actions.receive(by=owner, file=given(photo(), "a.jpg"))
    files = {name: file.read() for name, file in queries.files_of(owner)}
    assert files[f"uploads/{upload.pk}-十一月 发票.pdf"] == content and len(files) == 2
    assert sorted(name.rpartition(".")[2] for name in files) == ["pdf", "webp"]


def test_removing_takes_the_pdf_along(owner, bills, django_capture_on_commit_callbacks):
    upload = receive(owner, fapiao())
    name = upload.document.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(by=owner, upload=upload)
    assert not default_storage.exists(name) and not Upload.objects.exists()
