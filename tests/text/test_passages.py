"""Passages keep to their words when a text is edited, in code points (L7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kocforum.text import followed, found_in, passage

STORY = "去年冬天🚗下着雨，我倒进地库。车停到一半自己退出，后面的车按喇叭。第二天又试，车停到一半自己退出，这次没人。"


def part(text: str, words: str, after: int = 0):
    start = text.index(words, after)
    return passage(text, start, start + len(words))


def test_l7_an_emoji_is_one_and_shifts_nothing():
    found = part(STORY, "下着雨")
    assert (found.start, found.end) == (5, 8) and found.prefix == "去年冬天🚗"
    assert found_in("🚗🚗" + STORY, found) == part("🚗🚗" + STORY, "下着雨")


def test_the_same_words_in_two_places_are_told_apart_by_what_stands_around_them():
    second = part(STORY, "车停到一半自己退出", STORY.index("第二天"))
    edited = STORY.replace("去年冬天🚗下着雨，我倒进地库。", "")
    assert found_in(edited, second).suffix.startswith("，这次没人")
    assert found_in(edited, part(STORY, "车停到一半自己退出")).suffix.startswith("，后面的车")


def test_words_that_are_gone_are_nowhere():
    assert found_in("什么都不一样了。", part(STORY, "下着雨")) is None
    assert followed(STORY, "什么都不一样了。", part(STORY, "后面的车按喇叭")) is None


def test_an_edit_within_is_followed():
    edited = STORY.replace("后面的车按喇叭", "后面的白车一直按喇叭")
    assert found_in(edited, part(STORY, "后面的车按喇叭")) is None
    assert followed(STORY, edited, part(STORY, "后面的车按喇叭")).exact == "后面的白车一直按喇叭"


def test_a_passage_that_was_moved_whole_is_found_where_it_stands_now():
    wanted = part(STORY, "后面的车按喇叭")
    edited = "后面的车按喇叭。" + "我先说结果，再说经过，整段都重写了一遍，跟原来没有一句一样的话。"
    assert followed(STORY, edited, wanted).exact == wanted.exact


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 2), (0, 999)])
def test_what_is_no_passage_is_refused(start, end):
    with pytest.raises(ValueError, match="no passage"):
        passage(STORY, start, end)


TEXT = st.text(alphabet="雨车停🚗a。\n", max_size=40)


@given(TEXT, TEXT, TEXT, TEXT)
def test_whatever_is_written_around_it_a_passage_keeps_its_words(before, after, first, last):
    words = "「一字不差」"
    text = before + words + after
    wanted = part(text, words)
    edited = first + before + words + after + last
    for found in (found_in(edited, wanted), followed(text, edited, wanted)):
        assert found.exact == words and edited[found.start : found.end] == words


@given(TEXT, TEXT)
def test_whatever_becomes_of_a_text_what_is_followed_lies_in_it(before, after):
    text = before + "雨停了"
    found = followed(text, after, passage(text, len(before), len(text)))
    assert found is None or after[found.start : found.end] == found.exact != ""
