"""Uploads in admin are looked at and never edited."""

from __future__ import annotations

import pytest

from kocforum.uploads import actions

pytestmark = pytest.mark.django_db


def test_an_operator_looks_at_uploads_and_changes_nothing(client, picture, person, owner, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=owner.pk)
    client.force_login(person("op", is_staff=True, role="operator"))
    listed = client.get("/admin/uploads/upload/")
    assert listed.status_code == 200 and picture.thumbnail_url in listed.content.decode()
    assert client.get(f"/admin/uploads/upload/{picture.pk}/change/").status_code == 200
    assert client.get("/admin/uploads/upload/add/").status_code == 403
    assert client.post(f"/admin/uploads/upload/{picture.pk}/change/", {"state": "ready"}).status_code == 403
    assert client.post(f"/admin/uploads/upload/{picture.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_of_operators_has_nothing_that_is_sealed_from_them(client, picture, person, owner):
    client.force_login(person("op", is_staff=True, role="operator"))
    assert picture.original_name not in client.get("/admin/uploads/upload/").content.decode()
    assert client.get(f"/admin/uploads/upload/{picture.pk}/change/").status_code == 302
