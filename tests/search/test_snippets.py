"""What is shown of a thing that was found."""

from __future__ import annotations

from kocforum.search.kinds import KEYWORDS
from kocforum.search.queries.parsing import terms_of
from kocforum.search.queries.snippets import snippet

TICKED = f"{KEYWORDS}自动泊车 Automatic parking 小雨 夜间有灯"


def test_what_a_person_wrote_is_shown_and_of_the_keywords_only_what_answers():
    assert snippet(f"倒到一半停了。{TICKED}", terms_of("小雨")) == "倒到一半停了。 · <mark>小雨</mark>"


def test_words_that_answer_need_no_keyword_beside_them():
    assert snippet(f"小雨里停了。{TICKED}", terms_of("小雨")) == "<mark>小雨</mark>里停了。"


def test_where_nothing_was_written_the_keywords_stand_for_it():
    assert "<mark>夜间有灯</mark>" in snippet(TICKED, terms_of("夜间有灯"))
