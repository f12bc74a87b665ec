"""Staff teach the search new words, by actions and in admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from kocforum.errors import Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.members.enums import Role
from kocforum.search.actions import drop_word, keep_word
from kocforum.search.models import Word
from kocforum.search.queries import find, proposed_words
from kocforum.text import tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(django_user_model):
    return django_user_model.objects.create(username="operator", is_staff=True, role=Role.OPERATOR)


def test_a_kept_word_is_cut_whole_at_once_and_dropped_again(operator, django_capture_on_commit_callbacks):
    assert "蓝猫星途" not in tokens("蓝猫星途异响")
    with django_capture_on_commit_callbacks(execute=True):
        word = keep_word(by=operator, text=" 蓝猫星途 ", proposed=True)
    assert "蓝猫星途" in tokens("蓝猫星途异响")
    assert proposed_words() == ["蓝猫星途"]
    with django_capture_on_commit_callbacks(execute=True):
        drop_word(by=operator, word=word)
    assert "蓝猫星途" not in tokens("蓝猫星途异响")
    assert list(Fact.objects.values_list("name", flat=True)) == ["search.WordKept", "search.WordDropped"]


def test_what_was_written_before_a_word_was_known_is_still_found(operator, told, django_capture_on_commit_callbacks):
    thread = told("蓝猫星途异响")
    with django_capture_on_commit_callbacks(execute=True):
        keep_word(by=operator, text="蓝猫星途")
    assert [found.id for found in find(AnonymousUser(), "蓝猫星途")] == [thread.pk]


def test_the_catalogue_adds_words_and_leaves_those_of_staff_alone(operator):
    keep_word(by=operator, text="远山S7", proposed=True)
    keep_word(by=None, text="远山S7", source=Word.Source.CATALOGUE)
    keep_word(by=None, text="远山E3", source=Word.Source.CATALOGUE)
    assert list(Word.objects.order_by("text").values_list("text", "proposed", "source")) == [
        ("远山E3", False, "catalogue"),
        ("远山S7", True, "staff"),
    ]
    assert Fact.objects.count() == 2


@pytest.mark.parametrize("text", ["", "车", "自动 泊车", "<b>词</b>", "词" * 41, "词\x00\n语 话"])
def test_what_is_no_word_is_refused_with_a_sentence(operator, text):
    with pytest.raises(Invalid) as refusal:
        keep_word(by=operator, text=text)
    assert list(refusal.value.fields) == ["text"]


def test_only_operators_keep_words(django_user_model):
    engineer = django_user_model.objects.create(username="engineer", is_staff=True, role=Role.ENGINEER)
    with pytest.raises(Forbidden):
        keep_word(by=engineer, text="蓝猫星途")


def test_words_are_kept_in_admin_by_the_same_actions(admin_client, admin_user):
    page = reverse("admin:search_word_add")
    assert admin_client.post(page, {"text": "蓝猫 星途"}).status_code == 200
    assert admin_client.post(page, {"text": "蓝猫星途", "proposed": "on"}).status_code == 302
    word = Word.objects.get()
    assert (word.text, word.proposed, word.by) == ("蓝猫星途", True, admin_user)
    change = reverse("admin:search_word_change", args=[word.pk])
    assert admin_client.post(change, {}).status_code == 302
    assert admin_client.get(reverse("admin:search_word_changelist")).status_code == 200
    assert admin_client.post(reverse("admin:search_word_delete", args=[word.pk]), {"post": "yes"}).status_code == 302
    assert list(Fact.objects.values_list("name", flat=True)) == ["search.WordKept"] * 2 + ["search.WordDropped"]
