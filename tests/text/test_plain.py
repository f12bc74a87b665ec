"""Text that is stored, previewed, sorted and addressed."""

from __future__ import annotations

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from kocforum.text import bilingual, clean_line, clean_text, excerpt, plain, render, slug, sort_key

DANGEROUS = "题\x00目\ud800\u202egnp.exe\u2066x\u200b\ufeff\x07"


def test_a_title_loses_what_is_unseen_or_turns_the_line_round():
    assert clean_line(DANGEROUS) == "题目gnp.exex"
    assert clean_line("  自动\n泊车\t 失败\u3000了 ") == "自动 泊车 失败 了"
    assert clean_line("Z" + "\u0335" * 50) == "Z" + "\u0335" * 4
    assert clean_line("👨‍👩‍👧 👍🏽") == "👨‍👩‍👧 👍🏽"
    assert clean_line(None) == ""


def test_a_text_keeps_its_lines_and_loses_what_a_database_refuses():
    assert clean_text("一\r\n二\r三\x00\ud83d\x1b\u202e!") == "一\n二\n三!"
    assert clean_text("شكرا\u200f!\tא") == "شكرا\u200f!\tא"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters()))
def test_cleaned_text_can_be_stored_and_cleaning_twice_changes_nothing(text):
    line = clean_line(text)
    line.encode("utf-8")
    clean_text(text).encode("utf-8")
    assert clean_line(line) == line
    assert "\n" not in line and "\x00" not in line
    assert clean_text(clean_text(text)) == clean_text(text)


def test_plain_takes_markdown_or_html_alike():
    said = "**自动泊车**失败 3 次\n\n- [x] 重启\n- `4.2.1` <b>\n\n![地库](/uploads/a.jpg)"
    assert plain(said) == "自动泊车失败 3 次\n☑ 重启\n4.2.1 <b>\n地库"
    assert plain(render(said)) == plain(said)
    assert plain("a < b & c > d") == "a < b & c > d"


def test_an_excerpt_is_one_line_and_says_where_it_was_cut():
    assert excerpt("**自动泊车**功能\n\n在雨夜，多次失败", 40) == "自动泊车功能 在雨夜，多次失败"
    assert excerpt("自动泊车功能在雨夜，多次失败", 11) == "自动泊车功能在雨夜…"
    assert excerpt("", 10) == ""


@settings(max_examples=150, deadline=None)
@given(st.text(), st.integers(min_value=1, max_value=80))
def test_an_excerpt_is_never_longer_than_asked(text, length):
    assert len(excerpt(text, length)) <= length


def test_names_become_addresses():
    assert slug("自动泊车") == "zi-dong-bo-che"
    assert slug("S7 旅行版 · 4.2.1") == "s7-lv-xing-ban-4-2-1"
    assert slug("Ｃafé") == "cafe"
    assert slug("🚗！") == ""
    assert len(slug("自动泊车" * 40)) <= 60


def test_names_sort_as_they_are_spoken_and_numbers_by_size():
    names = ["重庆", "长安", "阿维塔 12", "阿维塔 7", "比亚迪", "BMW", "银行", "行走"]
    assert sorted(names, key=sort_key) == ["阿维塔 7", "阿维塔 12", "比亚迪", "BMW", "长安", "重庆", "行走", "银行"]


def test_one_of_two_languages_is_shown_and_the_other_stands_in():
    with translation.override("en"):
        assert bilingual("泊车", "Parking") == "Parking"
        assert bilingual("泊车", "") == "泊车"
    with translation.override("zh-hans"):
        assert bilingual("泊车", "Parking") == "泊车"
        assert bilingual("", "Parking") == "Parking"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="一二ab 3.,)\n\t“”。，；？4", max_size=60))
def test_text_without_markup_is_read_as_if_it_were_rendered(text):
    assert plain(text).split() == plain(text + "\n\n<i>").removesuffix("<i>").split()
