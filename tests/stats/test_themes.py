from __future__ import annotations

import random

import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from kocforum.stats import themes

ENGLISH = [
    "Charging is too slow on the motorway",
    "Slow charging in winter",
    "the charger at work is slow; charging takes hours",
    "Brakes squeal at low speed",
    "brake squeal after rain",
    "My brakes squeal.",
    "Seats are hard",
    "The seat is too hard on long drives",
    "nothing",
]
CHINESE = [
    "充电太慢了,高速服务区充电要等很久",
    "充电桩太少,充电排队",
    "家里充电没问题,外面充电慢",
    "刹车有异响,低速的时候特别明显",
    "倒车刹车异响,4S店说正常",
    "刹车异响,已经换过一次刹车片",
    "座椅太硬,长途腰疼",
    "座椅不舒服,腰部支撑不够",
    "希望座椅有通风功能",
    "没有",
]
PLANTED = {"battery": "drain cold", "screen": "frozen reboot", "door": "rattle handle", "tyre": "noise wear"}
WORDS = ("apple", "bird", "cloud", "door", "egg", "fish", "the", "7")
FILLING = [f"filler{i}" for i in range(400)]


def by_label(found):
    return {theme.label: theme.texts for theme in found}


def planted(count, seed):
    """Texts of one planted theme each, among chance words; and which theme it was."""
    rng = random.Random(seed)
    texts, truth = [], []
    for _ in range(count):
        lead = rng.choice(list(PLANTED))
        words = [lead, rng.choice(PLANTED[lead].split()), *rng.sample(FILLING, 4)]
        rng.shuffle(words)
        texts.append(" ".join(words))
        truth.append(lead)
    return texts, truth


# --- what is found


def test_english_texts_by_hand():
    assert by_label(themes(ENGLISH)) == {"slow charging": (0, 1, 2), "Brakes squeal": (3, 4, 5), "Seats hard": (6, 7)}


def test_chinese_texts_by_hand():
    found = by_label(themes(CHINESE, tokenise=rjieba.cut))
    assert found == {"充电": (0, 1, 2), "刹车 异响": (3, 4, 5), "座椅": (6, 7, 8)}


def test_planted_themes_come_back():
    texts, truth = planted(1000, seed=1)
    found = themes(texts, most=4)
    assert len(found) == 4
    for theme in found:
        (lead,) = set(theme.label.split()) & set(PLANTED)
        assert set(theme.label.split()) == {lead, *PLANTED[lead].split()}
        assert theme.texts == tuple(i for i, about in enumerate(truth) if about == lead)


def test_a_word_that_mostly_comes_with_another_belongs_to_its_theme():
    texts = ["battery drain"] * 6 + ["battery"] * 6 + ["drain"] * 3 + FILLING[:150]
    assert by_label(themes(texts, most=1)) == {"battery drain": tuple(range(15))}


def test_a_rare_word_that_came_with_it_by_chance_brings_nothing_in():
    texts = ["battery loud"] * 2 + ["battery"] * 10 + ["loud"] * 2 + ["music", "weather", "colour"] * 6
    assert by_label(themes(texts))["battery"] == tuple(range(12))


def test_a_text_about_two_things_stands_in_two_themes():
    texts = ["brakes squeal"] * 4 + ["seats hard"] * 4 + ["brakes squeal, seats hard"] + ["music"]
    found = themes(texts)
    assert [theme.texts for theme in found] == [(0, 1, 2, 3, 8), (4, 5, 6, 7, 8)]


def test_the_label_reads_in_the_order_and_form_people_write():
    texts = ["OTA update failed"] * 3 + ["ota update failed"] + ["blue seats", "wide doors", "fine music"] * 3
    assert themes(texts)[0].label == "OTA update failed"


# --- what does not count


def test_stop_words_numbers_and_signs_make_no_theme():
    assert themes(["it is the 42 !!", "it was the 42 !!", "and 3.5 ..."]) == ()
    assert themes(["我 觉得 可以 的", "我 觉得 非常 可以"]) == ()
    assert themes(["the seat", "the door"], stop_words=frozenset(), least=2)[0].label == "the"


def test_a_word_nearly_everybody_says_is_the_question_and_no_theme():
    texts = [f"car {word}" for word in ["seats"] * 6 + ["brakes"] * 6]
    assert [theme.texts for theme in themes(texts)] == [tuple(range(6)), tuple(range(6, 12))]
    assert not any("car" in theme.label for theme in themes(texts))


def test_what_only_one_person_says_is_left_over():
    assert themes(["range", "seats", "music"]) == ()
    assert len(themes(["range", "seats", "music"], least=1)) == 3
    assert themes(["range"] * 3 + ["seats"] * 4, least=4)[0].texts == (3, 4, 5, 6)


def test_case_width_and_plural_are_one_word():
    assert by_label(themes(["Seats", "SEATS", "seat", "Ｓｅａｔｓ", "x9 noise"])) == {"Seats": (0, 1, 2, 3)}


# --- how many, and in which order


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=25))
def test_whatever_is_said_themes_are_few_labelled_and_largest_first(texts):
    found = themes(texts, most=3)
    assert len(found) <= 3
    sizes = [len(theme.texts) for theme in found]
    assert sizes == sorted(sizes, reverse=True)
    for theme in found:
        label = theme.label.split()
        assert 1 <= len(label) <= 3
        assert len(theme.texts) >= 2
        assert list(theme.texts) == sorted(set(theme.texts))
        assert sum(any(word in texts[i].split() for word in label) for i in theme.texts) >= 2
    assert len({theme.label for theme in found}) == len(found)
    assert themes(iter(texts), most=3) == found


def test_what_one_theme_is_named_after_labels_no_other():
    found = themes(["", "", "apple bird", "bird", "apple bird", "bird"])
    assert [theme.label for theme in found] == ["bird", "apple bird"]


def test_fewer_themes_are_the_first_of_more():
    texts, _ = planted(300, seed=2)
    assert set(themes(texts, most=2)) < set(themes(texts, most=4))


def test_the_order_of_the_texts_changes_only_their_places():
    texts, _ = planted(300, seed=3)
    turned = themes(texts[::-1], most=4)
    back = {tuple(sorted(299 - i for i in theme.texts)) for theme in turned}
    assert back == {theme.texts for theme in themes(texts, most=4)}


def test_nothing_said_has_no_themes():
    assert themes([]) == ()
    assert themes(["", "  ", "!"]) == ()
    assert themes(ENGLISH, most=0) == ()


@pytest.mark.parametrize("wrong", [{"most": -1}, {"most": 2.5}, {"least": -1}])
def test_broken_counts_are_refused(wrong):
    with pytest.raises(ValueError, match="whole number"):
        themes(ENGLISH, **wrong)
