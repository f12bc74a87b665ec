"""What a text is found by."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kocforum.text import bigrams, folded, tokens, use_words

NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "naughty_strings" / "blns.json"


@pytest.fixture
def only_our_terms():
    yield
    use_words()


def test_chinese_is_cut_into_words_and_long_words_come_with_the_words_in_them():
    found = tokens("自动泊车功能在雨夜多次失败")
    assert {"自动泊车", "泊车", "功能", "雨夜", "多次", "失败"} <= set(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.2.1", ["4.2.1"]),
        ("S7", ["s7"]),
        ("V3.2.1", ["v3.2.1", "3.2.1"]),
        ("Ｖ３．２．１", ["v3.2.1", "3.2.1"]),
        ("500km", ["500km", "500", "km"]),
        ("500㎞", ["500km", "500", "km"]),
        ("500 km", ["500", "km"]),
        ("Model3", ["model3", "model", "3"]),
        ("e-tron", ["e-tron", "e", "tron"]),
        ("OTA 4.2.1.", ["ota", "4.2.1"]),
    ],
)
def test_versions_and_codes_stay_whole_and_measures_are_also_split(text, expected):
    assert tokens(text) == expected


def test_codes_inside_chinese_are_found_whole():
    assert {"s7", "4.2.1"} <= set(tokens("我的S7升级4.2.1后黑屏"))
    assert "4s店" in tokens("去4S店看了") and "a柱" in tokens("A柱异响")
    assert {"c260l", "运动版"} <= set(tokens("C260L运动版"))


def test_a_new_word_is_known_at_once_also_while_others_cut(only_our_terms):
    assert "星途蓝猫" not in tokens("星途蓝猫异响")
    failures: list[BaseException] = []
    stop = threading.Event()

    def cut() -> None:
        while not stop.is_set():
            try:
                tokens("自动泊车功能在雨夜多次失败，星途蓝猫异响")
            except BaseException as error:
                failures.append(error)

    readers = [threading.Thread(target=cut) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(5):
        use_words(["星途蓝猫", f"新词语{number}"])
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert "星途蓝猫" in tokens("星途蓝猫异响")


def test_bigrams_cover_each_run_that_holds_chinese_to_its_last_character():
    assert bigrams("自动泊车，失败") == ["自动", "动泊", "泊车", "车", "失败", "败"]
    assert bigrams("ABS灯") == ["ab", "bs", "s灯", "灯"]
    assert bigrams("automatic parking") == []


def test_full_width_and_case_make_no_difference():
    assert folded("ＡＢＳ 灯") == "abs 灯"
    assert tokens("OTA升级") == tokens("ota升级")


@pytest.mark.real_data
@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data/naughty_strings is not here")
def test_naughty_strings_are_cut_without_complaint():
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert all(token and not token.isspace() for token in tokens(text) + bigrams(text))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters()))
def test_any_text_gives_tokens_without_space_or_controls(text):
    for token in tokens(text) + bigrams(text):
        assert token and not any(
            character.isspace() or character in "\x00\"'\\" for character in token.replace("'", "")
        )
        token.encode("utf-8")


def test_a_megabyte_is_cut_in_good_time():
    assert len(tokens("自动泊车功能在雨夜多次失败 V3.2.1 " * 40_000)) > 100_000
