"""Long texts: footnotes, an outline, words as people count them."""

from __future__ import annotations

import json

import pytest

from kocforum.text import count_words, render_essay
from tests.text.test_markup import NAUGHTY


def test_footnotes_stand_at_the_end_and_lead_back():
    html = render_essay("雨夜的地库[^1]\n\n[^1]: B2 层，**反光**很强。", "e5").html
    assert '<sup class="footnote-ref"><a href="#fn-e5-1" id="fnref-e5-1">[1]</a></sup>' in html
    assert '<li id="fn-e5-1" class="footnote-item">' in html
    assert '<a href="#fnref-e5-1" class="footnote-backref">' in html


def test_the_outline_names_every_heading_and_its_anchor():
    essay = render_essay("## 起因\n\n字\n\n### 第 `2` 天\n\n# 结尾", "e1")
    assert [(one.level, one.text, one.anchor) for one in essay.outline] == [
        (2, "起因", "part-1"),
        (3, "第 2 天", "part-2"),
        (1, "结尾", "part-3"),
    ]
    assert '<h4 id="part-1">起因</h4>' in essay.html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("我的车", 3),
        ("停了3次，用 AutoPark 4.2", 8),
        ("don't stop", 2),
        ("。。。…… -- ##", 0),
        ("𠮷野家 🚗", 3),
    ],
)
def test_words_are_characters_in_chinese_and_words_elsewhere(text, words):
    assert count_words(text) == words


def test_an_anchor_of_the_writer_is_no_anchor_of_the_page():
    html = render_essay(
        '<h3 id="top" class="btn">x</h3>\n\n[x](javascript:alert(1)) ![x](https://elsewhere.example/x.png)', "e1"
    ).html
    assert "<h3" not in html
    assert 'href="javascript' not in html
    assert '<img src="https' not in html


@pytest.mark.skipif(not NAUGHTY.exists(), reason="naughty_strings is not here")
def test_every_kind_of_character_survives():
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert "<script" not in render_essay(f"## {text}\n\n{text}[^1]\n\n[^1]: {text}", "e1").html.lower()
