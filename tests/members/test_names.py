from __future__ import annotations

import pytest

from kocforum.errors import Invalid
from kocforum.members.actions import edit_profile
from kocforum.members.rules import imitates_staff, trouble_with_display_name, trouble_with_user_name
from kocforum.members.rules.names import skeleton, tidy
from kocforum.members.rules.phones import normalise_phone, veiled


@pytest.mark.parametrize("name", ["阿泽", "雨夜车位", "lao_zhou", "S7-owner", "Zoë", "さくら", "老周2024", "a.b"])
def test_honest_user_names_are_fine(name):
    assert trouble_with_user_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "阿",  # too short
        "阿\u200b泽",  # zero width space
        "阿\u2060泽",  # word joiner
        "阿泽\u202e",  # right to left
        "ad\u0441y",  # Cyrillic
        "\u0430\u0437\u0435",  # all Cyrillic
        "ｚｈｏｕ",  # full width
        "zhou\u0301",  # loose accent
        "阿 泽",
        "a@b.cn",
        "13800138000",
        "138-0013",
        ".hidden",
        "官方小助手",
        "车主回声客服",
        "Officia1",
        "a_d_m_i_n",
        "0FFICIAL-S7",
        "moderator",
        "me",
        "阿泽😀",
    ],
)
def test_tricks_with_user_names_are_refused(name):
    assert trouble_with_user_name(name)


def test_tricks_are_refused_at_the_door(signed_up):
    for name in ("官方客服", "阿\u200b泽", "аdmin"):
        assert "username" in signed_up(phone="13912345678", username=name).context["form"].errors


def test_a_user_name_is_one_in_any_case(signed_up, operator):
    assert "username" in signed_up(phone="13912345678", username="XiaoMan").context["form"].errors


def test_a_name_like_one_of_the_staff_is_refused(signed_up, operator):
    assert imitates_staff("Xia0man") and not imitates_staff("xiaoming")
    assert "username" in signed_up(phone="13912345678", username="xia0man").context["form"].errors


def test_display_names_may_have_spaces_and_emoji_but_no_tricks(owner, operator):
    edit_profile(by=owner, display_name="  雨夜  车位 🚗 ")
    assert owner.name == "雨夜 车位 🚗"
    for name in ("官方", "🚗🚗", "阿\u200d泽", "xiaoman", "x" * 41):
        with pytest.raises(Invalid) as refused:
            edit_profile(by=owner, display_name=name)
        assert list(refused.value.fields) == ["display_name"]


def test_staff_may_say_that_they_are_staff(operator):
    edit_profile(by=operator, display_name="社群运营 · 小满")
    assert operator.name == "社群运营 · 小满"


def test_names_are_written_one_way():
    assert tidy(" Ａ\u3000Ｂ ") == "A B"
    assert skeleton("Ad_M1n") == skeleton("admin")
    assert trouble_with_display_name("") == ""


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("+85212345678", "+85212345678"),
        ("12800138000", None),
        ("+8612345678901", None),
        ("1380013800", None),
        ("+", None),
        ("", None),
    ],
)
def test_numbers_are_written_one_way(typed, written):
    assert normalise_phone(typed) == written


def test_a_number_is_shown_veiled():
    assert veiled("+8613800138000") == "+86 138****8000"
    assert veiled("+14155552671") == "+141****671"
