"""Media at their addresses: who gets them, how browsers must take them, and parts of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from kocforum.members.models import Member
from kocforum.uploads import actions
from kocforum.uploads.views import ranges

from .made import clip, drawn, given, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(owner, tmp_path):
    return actions.receive(by=owner, file=given(clip(tmp_path / "a.mp4", seconds=3).read_bytes(), "泊车.mp4"))


@pytest.fixture
def me(client, owner):
    client.force_login(owner)
    return client


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_loose_upload_is_served_to_its_owner_and_to_nobody_else(me, picture, stranger):
    assert me.get(picture.url).status_code == 200
    other = Client()
    assert other.get(picture.url).status_code == 404
    other.force_login(stranger)
    assert other.get(picture.url).status_code == 404


def test_a_loose_upload_is_sealed_from_operators_too(picture, person):
    """It may be the photo of a receipt that was not handed in yet, or that another one took the place of."""
    client = Client()
    client.force_login(person("op", is_staff=True, role="operator"))
    assert client.get(picture.url).status_code == 404


def test_an_attached_upload_is_served_to_whoever_sees_its_thing(picture, owner, stranger, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=stranger.pk)
    visitor = Client()
    assert visitor.get(picture.url).status_code == 200
    Member.objects.filter(pk=stranger.pk).update(closed_at=timezone.now())
    assert visitor.get(picture.url).status_code == 404
    assert visitor.get(picture.thumbnail_url).status_code == 404
    visitor.force_login(stranger)
    assert visitor.get(picture.url).status_code == 404
    visitor.force_login(owner)
    assert visitor.get(picture.url).status_code == 200, "one's own always"


def test_media_of_a_room_for_members_cannot_be_read_by_address(picture, owner, stranger, things):
    actions.attach(by=owner, uploads=[picture], kind="lounge", object_id=owner.pk)
    visitor = Client()
    assert visitor.get(picture.url).status_code == 404
    visitor.force_login(stranger)
    assert visitor.get(picture.url).status_code == 200


def test_an_operator_sees_what_is_part_of_a_thing_and_other_staff_do_not(client, picture, owner, person, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=owner.pk)
    Member.objects.filter(pk=owner.pk).update(closed_at=timezone.now())
    for role, expected in (("operator", 200), ("admin", 200), ("engineer", 404)):
        client.force_login(person(role, is_staff=True, role=role))
        assert client.get(picture.url).status_code == expected


def test_an_api_token_opens_the_addresses_that_the_api_answered(picture, owner, stranger):
    client = Client()
    mine = Token.objects.create(user=owner)
    others = Token.objects.create(user=stranger)
    assert client.get(picture.url, headers={"Authorization": f"Token {mine.key}"}).status_code == 200
    assert client.get(picture.url, headers={"Authorization": f"Token {others.key}"}).status_code == 404
    assert client.get(picture.url, headers={"Authorization": "Token nonsense"}).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/uploads/nothing/display", "/uploads/{token}/original", "/uploads/{token}/poster", "/uploads/{token}/owner"],
)
def test_what_is_not_there_is_not_found(me, picture, address):
    assert me.get(address.format(token=picture.token)).status_code == 404


def test_browsers_are_told_to_take_it_for_what_it_is(me, owner):
    upload = actions.receive(by=owner, file=given(photo(), 'x".html'))
    response = me.get(upload.url)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="x_.webp"'
    assert (
        "sandbox" in response["Content-Security-Policy"] and "default-src 'none'" in response["Content-Security-Policy"]
    )
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, max-age=300"
    assert "Cookie" in response["Vary"]
    assert body(response)[:4] == b"RIFF"


def test_a_name_in_chinese_is_sent_as_such(me, film):
    assert me.get(film.url)["Content-Disposition"] == "inline; filename*=utf-8''%E6%B3%8A%E8%BD%A6.mp4"


def test_what_a_browser_has_is_not_sent_again_but_asked_for(me, picture, owner):
    etag = me.get(picture.url)["ETag"]
    again = me.get(picture.url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert Client().get(picture.url, headers={"If-None-Match": etag}).status_code == 404, "the permission comes first"


def test_only_reading_is_allowed(me, picture):
    assert me.head(picture.url).status_code == 200
    assert me.post(picture.url).status_code == 405


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=5-999999999", 5, None),
        ("bytes=0-0", 0, 0),
    ],
)
def test_a_player_gets_the_part_it_asks_for(me, film, asked, first, last):
    whole = body(me.get(film.url))
    response = me.get(film.url, headers={"Range": asked})
    expected = whole[first:] if last is None else whole[first : last + 1]
    assert response.status_code == 206
    assert body(response) == expected
    assert response["Content-Length"] == str(len(expected))
    begin = first if first >= 0 else len(whole) + first
    assert response["Content-Range"] == f"bytes {begin}-{begin + len(expected) - 1}/{len(whole)}"
    assert response["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", "bytes=99999999-999999999"])
def test_a_part_behind_the_end_is_416(me, film, asked):
    response = me.get(film.url, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{film.display.size}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6,7-8", "bytes=9-3", "bytes=a-b", "items=0-5", "bytes=-", "x" * 9000, "bytes=" + "0-0," * 500],
)
def test_ranges_that_make_no_sense_or_ask_for_many_parts_get_the_whole(me, film, asked):
    response = me.get(film.url, headers={"Range": asked})
    assert response.status_code == 200
    assert len(body(response)) == film.display.size


def test_an_open_range_is_answered_in_pieces(me, film, monkeypatch):
    monkeypatch.setattr(ranges, "MOST", 1000)
    response = me.get(film.url, headers={"Range": "bytes=0-"})
    assert response["Content-Range"] == f"bytes 0-999/{film.display.size}"
    assert len(body(response)) == 1000


def test_a_part_of_another_copy_is_not_glued_on(me, film):
    response = me.get(film.url, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert response.status_code == 200
    etag = response["ETag"]
    assert me.get(film.url, headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206


def test_the_web_server_can_send_the_bytes(me, picture, settings):
    settings.UPLOADS = {"ACCEL_PREFIX": "/protected/"}
    response = me.get(picture.url)
    assert (response.status_code, response.content) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/protected/{picture.display.name}"
    assert response["Content-Type"] == "image/webp" and "sandbox" in response["Content-Security-Policy"]
    assert Client().get(picture.url).status_code == 404


def test_a_file_that_is_gone_from_disk_is_not_found(me, picture):
    picture.display.storage.delete(picture.display.name)
    assert me.get(picture.url).status_code == 404


def test_a_visitor_costs_one_query_and_a_member_three(picture, owner, things, django_assert_num_queries):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=owner.pk)
    visitor, member = Client(), Client()
    member.force_login(owner)
    with django_assert_num_queries(1):
        visitor.get(picture.url)
    with django_assert_num_queries(3):
        member.get(picture.url)


def test_two_uploads_of_one_picture_share_no_address(owner):
    content = photo(drawn())
    one, two = (actions.receive(by=owner, file=given(content)) for _n in range(2))
    assert one.token != two.token and len(one.token) >= 22
