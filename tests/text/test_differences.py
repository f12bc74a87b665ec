"""Both texts can be read out of the differences between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kocforum.text import differences


@given(st.text(max_size=200), st.text(max_size=200))
def test_both_texts_stand_in_the_differences(before, after):
    rows = differences(before, after)
    assert "".join(row.text for row in rows if row.how != "added") == before
    assert "".join(row.text for row in rows if row.how != "removed") == after


def test_a_word_that_was_put_in_is_the_only_thing_added():
    rows = differences("雨天倒车慢了", "雨天夜里倒车慢了")
    assert [(row.how, row.text) for row in rows] == [("same", "雨天"), ("added", "夜里"), ("same", "倒车慢了")]


def test_emoji_are_not_torn_apart():
    rows = differences("好 👍🏽", "好 👍🏿")
    assert "".join(row.text for row in rows if row.how != "removed") == "好 👍🏿"
