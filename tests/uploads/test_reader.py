"""The reader of PDFs: what an eye cannot see is not read, and nobody keeps it from the others."""

from __future__ import annotations

import logging
from threading import BoundedSemaphore

import pytest
from fpdf import FPDF
from fpdf.enums import TextMode

from kocforum.errors import Conflict, Invalid
from kocforum.members.models import Member
from kocforum.uploads import actions, kinds
from kocforum.uploads.actions.media import papers as media
from kocforum.uploads.models import Upload

from . import papers
from .made import given, photo
from .papers import fapiao, sent

pytestmark = pytest.mark.django_db
HIDDEN = "26342000000099999999"


@pytest.fixture
def bills(things):
    kinds.register("bill", lambda user: Member.objects.filter(pk=user.pk), papers=lambda user: user.username == "lin")


def receive(by, content: bytes) -> Upload:
    return actions.receive(by=by, file=sent(content), meant_for="bill")


# --- what is not seen is not read


def invisible(pdf: FPDF) -> None:
    with pdf.local_context(text_mode=TextMode.INVISIBLE):
        pdf.text(20, 40, HIDDEN)


def invisible_on_what_is_printed(pdf: FPDF) -> None:
    with pdf.local_context(text_mode=TextMode.INVISIBLE):
        pdf.text(20, 20, HIDDEN)


def transparent(pdf: FPDF) -> None:
    with pdf.local_context(fill_opacity=0):
        pdf.text(20, 40, HIDDEN)


def white(pdf: FPDF) -> None:
    pdf.set_text_color(255, 255, 255)
    pdf.text(20, 40, HIDDEN)


def all_but_white(pdf: FPDF) -> None:
    pdf.set_text_color(245, 245, 245)
    pdf.text(20, 40, HIDDEN)


def beside_the_page(pdf: FPDF) -> None:
    pdf.text(20, 400, HIDDEN)


def under_a_box(pdf: FPDF) -> None:
    pdf.text(20, 40, HIDDEN)
    pdf.set_fill_color(255, 255, 255)
    pdf.rect(10, 30, 150, 20, "F")


def too_small(pdf: FPDF) -> None:
    pdf.set_font("zh", size=0.1)
    pdf.text(20, 40, HIDDEN)


@pytest.mark.parametrize(
    "hide",
    [
        invisible, invisible_on_what_is_printed, transparent, white, all_but_white, beside_the_page, under_a_box, too_small,
    ],
)  # fmt: skip
def test_words_that_no_eye_sees_are_not_read(owner, bills, hide):
    pdf = papers.page(format=(210, 140))
    pdf.text(20, 20, "printed for all to see")
    hide(pdf)
    assert receive(owner, bytes(pdf.output())).words.split() == ["printed", "for", "all", "to", "see"]


def test_light_words_on_a_dark_ground_are_read(owner, bills):
    pdf = papers.page(format=(210, 140))
    pdf.set_fill_color(0, 0, 90)
    pdf.rect(10, 10, 150, 20, "F")
    pdf.set_text_color(255, 255, 255)
    pdf.text(20, 20, "on blue")
    assert receive(owner, bytes(pdf.output())).words.split() == ["on", "blue"]


# --- nobody is kept waiting


def test_who_finds_the_table_full_is_asked_to_come_back(owner, bills, monkeypatch):
    table = BoundedSemaphore(1)
    table.acquire()
    monkeypatch.setattr(media, "_table", table)
    monkeypatch.setattr(media, "QUEUE", 0.01)
    with pytest.raises(Conflict, match="try again in a moment"):
        receive(owner, fapiao())
    table.release()
    assert receive(owner, fapiao()).is_paper and receive(owner, fapiao(goods="x")).is_paper


def test_a_place_is_free_again_after_a_page_that_was_too_much(owner, bills, settings, monkeypatch):
    monkeypatch.setattr(media, "_table", BoundedSemaphore(1))
    settings.UPLOADS = {"PDF_SECONDS": 1}
    with pytest.raises(Invalid, match="takes more to draw"):
        receive(owner, papers.bomb_of_strokes())
    assert receive(owner, fapiao()).is_paper


def test_a_reader_that_does_not_end_is_stopped_by_the_clock(owner, bills, settings, monkeypatch, tmp_path):
    slow = tmp_path / "reader.py"
    slow.write_text("import time; print('ready', flush=True); time.sleep(600)")
    monkeypatch.setattr(media, "READER", slow)
    settings.UPLOADS = {"PDF_WAIT": 1}
    with pytest.raises(Invalid, match="takes more to draw"):
        receive(owner, fapiao())
    slow.write_text("import time; time.sleep(600)")
    with pytest.raises(Conflict, match="PDFs cannot be read just now"):  # a machine that is too busy to begin
        receive(owner, fapiao())


def test_whose_pdfs_are_too_much_again_and_again_gives_pictures_for_an_hour(owner, bills, settings, monkeypatch):
    monkeypatch.setattr(media, "_read", lambda content: ({"refused": "heavy"}, b""))
    settings.UPLOADS = {"PDF_HEAVY": 2}
    for _time in range(2):
        with pytest.raises(Invalid, match="takes more to draw"):
            receive(owner, fapiao())
    with pytest.raises(Conflict, match="try again in an hour"):
        receive(owner, fapiao())
    assert actions.receive(by=owner, file=given(photo()), meant_for="bill").kind == "image"


def test_a_pdf_is_taken_from_who_has_a_thing_to_put_it_under(owner, stranger, bills, monkeypatch):
    assert receive(owner, fapiao()).is_paper
    monkeypatch.setattr("subprocess.run", None)
    with pytest.raises(Invalid, match="A PDF can only be a receipt"):
        receive(stranger, fapiao())


# --- a reader that is not well


def no_module(monkeypatch, tmp_path) -> None:
    broken = tmp_path / "reader.py"
    broken.write_text("import there_is_no_such_module")
    monkeypatch.setattr(media, "READER", broken)


def no_process(monkeypatch, tmp_path) -> None:
    def refuse(*_args, **_values):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("subprocess.run", refuse)


def no_file(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(media, "READER", tmp_path / "nothing.py")


@pytest.mark.parametrize("broken", [no_module, no_process, no_file])
def test_a_reader_that_does_not_work_blames_no_file_and_is_told_to_us(
    owner, bills, monkeypatch, tmp_path, caplog, broken
):
    broken(monkeypatch, tmp_path)
    for _time in range(4):
        with pytest.raises(Conflict, match="PDFs cannot be read just now"):
            receive(owner, fapiao())
    assert [row.levelno for row in caplog.records if row.name == media.__name__] == [logging.ERROR] * 4
    assert not Upload.objects.exists()
