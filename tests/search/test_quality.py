"""On what owners really wrote: whoever remembers a few characters of a text finds it."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from kocforum.search.actions import index_many
from kocforum.search.queries import find
from kocforum.text import folded

from .conftest import NOON

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS = {
    "ccf2018_car_opinions/train.csv": 1,
    "cn_12365auto_complaints/complaints_2020-08.csv": 4,
    "cn_dongchedi_posts/posts.csv": 0,
    "cn_automaster_sample/AutoMaster_TrainSet_4rows.csv": 4,
}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.real_data,
    pytest.mark.skipif(
        not all((DATA / name).exists() for name in SETS), reason="../shared/data with Chinese texts is not here"
    ),
]


def owners_texts(each: int) -> list[str]:
    """Distinct texts, the same ones at each run."""
    found: dict[str, None] = {}
    for name, column in SETS.items():
        with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
            rows = [row[column] for row in csv.reader(file) if len(row) > column and len(row[column]) > 8]
        random.Random(name).shuffle(rows)
        found |= dict.fromkeys(rows[:each])
    return list(found)


def parts(texts: list[str], pattern: str, count: int, seed: int) -> list[str]:
    """Pieces of two to seven characters out of runs that match."""
    dice = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        runs = re.findall(pattern, dice.choice(texts))
        if runs and len(run := dice.choice(runs)) >= 2:
            length = min(dice.randint(2, 7), len(run))
            begin = dice.randrange(len(run) - length + 1)
            found[run[begin : begin + length]] = None
    return list(found)


@pytest.fixture
def library(people):
    texts = owners_texts(250)
    assert len(texts) > 600
    members = people(len(texts))
    index_many(
        {"kind": "thread", "object_id": member.pk, "title": "", "body": text.replace("\\n", "\n"), "at": NOON}
        for text, member in zip(texts, members, strict=True)
    )
    return {member.pk: folded(text.replace("\\n", "\n")) for text, member in zip(texts, members, strict=True)}


def recall(library: dict[int, str], queries: list[str]) -> float:
    hits = wanted = 0
    for query in queries:
        holding = {key for key, text in library.items() if folded(query) in text}
        if holding and len(holding) <= 200:
            hits += len(holding & {found.id for found in find(AnonymousUser(), query)})
            wanted += len(holding)
    assert wanted > 100
    return hits / wanted


def test_parts_of_chinese_texts_are_found(library):
    assert recall(library, parts(list(library.values()), "[\u4e00-\u9fff]{2,}", 150, 1)) >= 0.99


def test_parts_with_codes_and_numbers_in_them_are_found(library):
    queries = parts(list(library.values()), "[\u4e00-\u9fff]+[a-z0-9.]+[\u4e00-\u9fff]+", 60, 2)
    assert recall(library, [query for query in queries if re.search("[\u4e00-\u9fff]", query)]) >= 0.95


def test_two_words_of_one_sentence_are_found(library):
    dice = random.Random(3)
    queries = []
    for text in dice.sample(list(library.values()), 80):
        runs = re.findall("[\u4e00-\u9fff]{4,}", text)
        if len(runs) > 1:
            queries.append(" ".join(run[-3:] for run in dice.sample(runs, 2)))
    for query in queries:
        first, second = query.split()
        holding = {key for key, text in library.items() if first in text and second in text}
        assert holding <= {found.id for found in find(AnonymousUser(), query)}, query


def test_what_holds_the_whole_query_comes_first(library):
    for query in parts(list(library.values()), "[\u4e00-\u9fff]{2,}", 60, 4):
        first = find(AnonymousUser(), query)[0]
        assert query in library[first.id]
        assert f"<mark>{query}</mark>" in first.snippet
