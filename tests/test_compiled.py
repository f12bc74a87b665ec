"""A compiled queryset asks what the plain one asks, whatever goes in, and writes its SQL once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet, Value
from django.utils import timezone

from kocforum.compiled import Compiled
from kocforum.members.models import Ban, Member
from kocforum.members.rules import can_write
from tests.people import make_member

pytestmark = pytest.mark.django_db


def test_every_call_asks_with_its_own_values():
    people = [make_member(name) for name in ("lin", "he")]
    named = Compiled(lambda pk, since: Member.objects.filter(pk=pk, date_joined__gte=since).values_list("username"))
    long_ago, tomorrow = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    assert [named(pk=one.pk, since=long_ago) for one in people] == [[("lin",)], [("he",)]]
    assert named(pk=people[0].pk, since=tomorrow) == []


def test_what_is_no_value_of_the_caller_stays_in_it():
    lin = make_member("lin")
    by_name = Compiled(lambda name: Member.objects.filter(username=name, is_active=True).values_list(Value("here")))
    assert by_name(name="lin") == [("here",)]
    Member.objects.filter(pk=lin.pk).update(is_active=False)
    assert by_name(name="lin") == []


def test_the_queryset_is_built_once(django_assert_num_queries):
    built = []

    def build(pk) -> QuerySet:
        built.append(pk)
        return Member.objects.filter(pk=pk).values_list("pk")

    asked, lin = Compiled(build), make_member("lin")
    with django_assert_num_queries(3):
        assert [asked(pk=lin.pk) for _time in range(3)] == [[(lin.pk,)]] * 3
    assert len(built) == 1


def test_words_that_look_like_sql_are_words():
    by_name = Compiled(lambda name: Member.objects.filter(username=name).values_list("pk"))
    assert by_name(name="lin' OR 1=1 --") == by_name(name="%s") == []


def test_a_model_comes_with_its_fields_as_any_other(django_assert_num_queries):
    lin = make_member("lin")
    named = Compiled(lambda name: Member.objects.filter(username=name).annotate(others=Value(3)))
    with django_assert_num_queries(1):
        (found,) = named.objects(name="lin")
        assert found == lin and found.date_joined == lin.date_joined and found.others == 3
    assert named.objects(name="nobody") == []


def test_a_ban_counts_from_the_moment_it_stands_to_the_moment_it_ends():
    lin, now = make_member("lin"), timezone.now()
    Ban.objects.create(member=lin, reason="吵架", until=now + timedelta(hours=1))
    assert can_write(Member.objects.get(pk=lin.pk)) is not True
    Ban.objects.update(until=now - timedelta(seconds=1))
    assert can_write(Member.objects.get(pk=lin.pk)) is True
