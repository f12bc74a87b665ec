"""Files in a form without JavaScript: a mistake in another field loses nothing."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict

from kocforum.uploads import actions
from kocforum.uploads.forms import UploadsForm
from kocforum.uploads.models import Upload

from .made import given, photo

pytestmark = pytest.mark.django_db


class ReplyForm(UploadsForm, forms.Form):
    body = forms.CharField()


def sent(owner, data=None, files=(), **options) -> ReplyForm:
    data = MultiValueDict({key: [str(one) for one in value] for key, value in (data or {}).items()})
    return ReplyForm(data, MultiValueDict({"new_uploads": list(files)}), by=owner, **options)


def html(form) -> str:
    return Template("{% include 'uploads/field.html' %}").render(Context({"form": form}))


def test_a_form_without_files_is_fine(owner):
    form = sent(owner, {"body": ["x"]})
    assert form.is_valid() and form.cleaned_data == {"body": "x", "uploads": []}
    assert not form.kept_uploads


def test_several_files_become_uploads_in_their_order(owner):
    form = sent(owner, {"body": ["x"]}, [given(photo(), "a.jpg"), given(photo(), "b.jpg")])
    assert form.is_valid()
    assert [upload.original_name for upload in form.cleaned_data["uploads"]] == ["a.jpg", "b.jpg"]


def test_files_survive_a_mistake_in_another_field(owner):
    first = sent(owner, {}, [given(photo(), "a.jpg")])
    assert not first.is_valid()
    upload = Upload.objects.get()
    assert f'name="uploads" value="{upload.pk}"' in html(first) and upload.thumbnail_url in html(first)
    second = sent(owner, {"body": ["x"], "uploads": [upload.pk]}, [given(photo(), "b.jpg")])
    assert second.is_valid()
    assert [row.original_name for row in second.cleaned_data["uploads"]] == ["a.jpg", "b.jpg"]


def test_a_bad_file_is_named_and_the_good_ones_stay(owner):
    form = sent(owner, {"body": ["x"]}, [given(photo(), "a.jpg"), given(b"nonsense", "b.exe")])
    assert not form.is_valid()
    assert form.errors["new_uploads"][0].startswith("b.exe: This kind of file")
    assert [row.original_name for row in form.kept_uploads] == ["a.jpg"]
    assert "b.exe: This kind of file" in html(form)


def test_a_received_file_can_be_left_out(owner, picture):
    form = sent(owner, {"body": ["x"], "uploads": [picture.pk], "drop": [picture.pk]})
    assert form.is_valid() and form.cleaned_data["uploads"] == []


def test_ids_of_others_and_nonsense_are_nothing(owner, stranger):
    foreign = actions.receive(by=stranger, file=given(photo()))
    form = sent(owner, {"body": ["x"], "uploads": [foreign.pk, "x", "-1", 10**30, "²"]})
    assert form.is_valid() and form.cleaned_data["uploads"] == []


def test_editing_shows_what_the_thing_has_and_keeps_it(owner, picture, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=7)
    fresh = ReplyForm(by=owner, part_of=("page", 7))
    assert fresh.kept_uploads == [picture]
    assert f'value="{picture.pk}"' in html(fresh)
    form = sent(owner, {"body": ["x"], "uploads": [picture.pk]}, part_of=("page", 7))
    assert form.is_valid() and form.cleaned_data["uploads"] == [picture]


def test_a_refusal_of_the_person_is_said_in_the_form(person):
    form = sent(person("new", email_verified_at=None), {"body": ["x"]}, [given(photo())])
    assert not form.is_valid() and "confirm" in form.errors["new_uploads"][0]


def test_the_field_takes_several_files_of_the_right_kinds(owner):
    shown = html(ReplyForm(by=owner))
    assert 'type="file"' in shown and "multiple" in shown and "image/heic" in shown and "video/quicktime" in shown
