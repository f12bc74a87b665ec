"""What is found, by whom, once, and in which order; the same on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from kocforum.search.actions import forget, index, index_many
from kocforum.search.models import SearchDocument
from kocforum.search.queries import find, narrower, terms_of

from .conftest import NOON, PLANNER

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "naughty_strings" / "blns.json"


def ids(query: str, kind: str = "", user=NOBODY, **values) -> list[int]:
    return [found.id for found in find(user, query, kind, **values)]


@pytest.mark.parametrize("query", ["自动泊车", "泊车", "雨夜", "自动泊车 失败", "失败 雨夜", "车功能在雨", "自动泊车失败", "雨", "败",
                                   "“自动泊车”失败？", "自动泊车 自动泊车", "　雨夜　", "自动泊车为什么失败", "泊车的问题"])  # fmt: skip
def test_a_chinese_title_is_found_by_its_words_and_any_part_of_it(told, query):
    thread = told("自动泊车功能在雨夜多次失败")
    told("座椅加热很慢", "冬天早上")
    assert ids(query) == [thread.pk]


def test_a_chinese_query_does_not_find_what_says_something_else(told):
    told("自动泊车功能在雨夜多次失败")
    assert ids("座椅") == ids("泊位") == ids("车败") == ids("雨夜 座椅") == []


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("4.2.1", True), ("V4.2.1", True), ("v4.2.1", True), ("Ｖ４．２．１", True), ("4.2", False), ("4.2.10", False), ("14.2.1", False),
        ("S7", True), ("s7", True), ("S70", False), ("500km", True), ("500 km", True), ("500公里", False),
        ("ABS灯", True), ("abs", True), ("park", True), ("PARKING", True), ("king", False), ("4s店", True),
    ],
)  # fmt: skip
def test_versions_codes_and_measures_are_found_whole_however_they_are_written(told, query, hit):
    told("S7 升级 V4.2.1 后 ABS灯亮", "去4S店，跑了 500km，auto parking 也失败")
    assert bool(ids(query)) is hit


def test_what_is_written_is_found_at_once_and_by_its_new_words_only(told):
    thread = told("自动泊车失败", "雨夜")
    index(kind="thread", object_id=thread.pk, title="座椅加热", body="**冬天**的早上", at=NOON)
    assert ids("泊车") == ids("雨夜") == []
    assert ids("座椅") == ids("冬天的") == [thread.pk]
    forget(kind="thread", object_id=thread.pk)
    forget(kind="thread", object_id=thread.pk)
    assert ids("座椅") == []
    assert SearchDocument.objects.count() == 0


def test_a_writer_who_fails_leaves_nothing_to_be_found(told):
    with pytest.raises(RuntimeError), transaction.atomic():
        told("自动泊车失败")
        assert len(ids("泊车")) == 1
        raise RuntimeError
    assert ids("泊车") == []


def test_nothing_is_found_that_its_kind_does_not_show_to_this_person(told, django_user_model):
    seen, hidden = told("自动泊车失败"), told("自动泊车失败", visible=False)
    staff = django_user_model.objects.create(username="staff", is_staff=True)
    assert ids("泊车") == [seen.pk]
    assert set(ids("泊车", user=staff)) == {seen.pk, hidden.pk}


def test_a_word_is_not_found_where_its_parts_stand_far_from_each_other(told):
    told("发动攻击的动机")
    engine = told("发动机")
    assert ids("发动机") == [engine.pk]


def test_a_kind_that_nobody_registered_is_not_found(told):
    told("自动泊车失败", kind="secret")
    assert ids("泊车") == [] == ids("泊车", "secret")


def test_a_thread_is_found_once_by_its_title_or_any_of_its_posts(told):
    thread, other = told("自动泊车失败"), told("座椅加热")
    for number in range(3):
        told("自动泊车失败", f"雨夜我也遇到过 {number}", kind="post", parent_id=thread.pk)
    told("座椅加热", "雨夜更冷", kind="post", parent_id=other.pk)
    assert ids("泊车", "thread") == [thread.pk]
    assert set(ids("雨夜", "thread")) == {thread.pk, other.pk}
    assert [found.type for found in find(NOBODY, "雨夜", "thread")] == ["thread", "thread"]


def test_a_thread_is_found_when_its_title_and_a_reply_say_it_together(told):
    thread = told("自动泊车失败", "在地库")
    reply = told("自动泊车失败", "是标线反光", kind="post", parent_id=thread.pk)
    told("自动泊车失败", "顶一下", kind="post", parent_id=thread.pk)
    assert ids("自动泊车 标线反光", "thread") == [thread.pk]
    assert ids("自动泊车 标线反光", "post") == [reply.pk]


def test_a_reply_is_not_found_by_the_title_that_it_inherits(told):
    thread = told("自动泊车失败")
    told("自动泊车失败", "顶一下", kind="post", parent_id=thread.pk)
    assert ids("泊车", "post") == []
    assert ids("泊车") == [thread.pk]


def test_a_thread_with_hidden_posts_is_found_by_what_is_visible_only(told):
    thread = told("座椅加热", days=90)
    for number in range(4):
        told("座椅加热", f"雨夜 {number}", kind="post", parent_id=thread.pk, visible=False)
    assert ids("雨夜", "thread") == []
    told("座椅加热", "雨夜", kind="post", parent_id=thread.pk, days=400)
    assert ids("雨夜", "thread") == [thread.pk]


def test_everything_together_tells_each_thread_once_by_its_best_place(told):
    thread = told("自动泊车失败", "雨夜")
    told("自动泊车失败", "雨夜也失败", kind="post", parent_id=thread.pk)
    member = told("雨夜车手", kind="member")
    assert len(ids("雨夜")) == 3
    assert set(ids("雨夜", together=True)) == {thread.pk, member.pk}


def test_title_before_text_phrase_before_words_and_new_before_old(told):
    words = told("停车", "自动驾驶和泊车辅助都不错")
    text = told("停车", "自动泊车很慢")
    old, new = told("自动泊车", "很慢", days=700), told("自动泊车", "很慢", days=7)
    assert ids("自动泊车") == [new.pk, old.pk, text.pk, words.pk]


def test_weight_lifts_what_matters(told):
    plain, heavy = told("自动泊车很慢"), told("自动泊车很慢", days=1, weight=1.5)
    assert ids("自动泊车") == [heavy.pk, plain.pk]


def test_the_best_title_is_found_under_hundreds_of_newer_texts(told, people):
    best = told("雨夜自动泊车", days=900)
    index_many(
        {"kind": "thread", "object_id": member.pk, "title": "闲聊", "body": "雨夜 出门", "at": NOON}
        for member in people(230)
    )
    found = ids("雨夜")
    assert found[0] == best.pk
    assert len(found) == 200


def test_facets_narrow(told):
    rain, sun = told("泊车失败", model="s7", board="parking"), told("泊车失败", model="e3")
    assert ids("泊车", facets={"model": "s7"}) == [rain.pk]
    assert ids("泊车", facets={"model": "e3"}) == [sun.pk]
    assert ids("泊车", facets={"model": "s7", "board": "cabin"}) == []


def test_a_phrase_is_found_deep_in_a_long_text(told):
    thread = told("长文", "前言不搭后语，车子还可以。" * 1500 + "最后说一句：标线反光导致失败" + "后面还有。" * 100)
    assert ids("标线反光导致") == [thread.pk]


@pytest.mark.parametrize("query", ["", " ", "%", "*", "%%%_", "\x00", "\ud800", "🚗", "“”", "'; DROP TABLE x; --", "a" * 5000, "泊" * 5000,
                                   "NEAR(泊车 雨夜)", 'words : "泊车" OR *', "泊车 & !", "泊:*", "\\", "^泊车", "AND OR NOT", "-", "'"])  # fmt: skip
def test_strange_queries_are_harmless(told, query):
    told("自动泊车")
    for kind in ("", "thread", "post"):
        list(find(NOBODY, query, kind))
        narrower(NOBODY, query, kind)


def test_five_hundred_terms_are_harmless(told):
    told("自动泊车")
    assert ids(" ".join(f"词{number}a" for number in range(500))) == []
    assert len(terms_of("泊车 " * 500)) == 1


@pytest.mark.real_data
@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data/naughty_strings is not here")
def test_naughty_strings_can_be_written_and_sought(people):
    texts = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    index_many(
        {
            "kind": "thread",
            "object_id": member.pk,
            "title": text,
            "body": text,
            "at": NOON,
            "note": text[:20].replace("\x00", ""),
        }
        for text, member in zip(texts, people(len(texts)), strict=True)
    )
    for text in texts:
        list(find(NOBODY, text))


def test_a_query_that_finds_nothing_proposes_its_parts_that_do(told):
    told("自动泊车失败")
    assert narrower(NOBODY, "自动泊车 火星") == ["自动泊车"]
    assert narrower(NOBODY, "火星 木星") == []


def test_searching_costs_the_same_number_of_queries_for_one_result_and_for_fifty(
    told, people, django_assert_num_queries
):
    def search():
        return list(find(NOBODY, "雨夜"))

    thread = told("雨夜", kind="thread")
    told("", "雨夜", kind="post", parent_id=thread.pk)
    told("雨夜", kind="member")
    # The places, their texts; one query for each of three kinds; the titles of threads. The words are known.
    with django_assert_num_queries(6 + PLANNER):
        assert len(search()) == 3
    for kind in ("thread", "post", "member"):
        index_many(
            {"kind": kind, "object_id": member.pk, "title": "", "body": "雨夜", "at": NOON, "parent_id": thread.pk}
            for member in people(17)
        )
    with django_assert_num_queries(6 + PLANNER):
        assert len(search()) == 54


def test_writing_costs_one_statement(people, django_assert_num_queries):
    member = people(1)[0]
    with django_assert_num_queries(1):
        index(kind="thread", object_id=member.pk, title="雨夜", body="泊车", at=NOON)
