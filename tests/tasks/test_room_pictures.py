"""Pictures in a room: with a note, on the board with pins; whose file it may be, who sees it when, and that what is gone is gone."""

from __future__ import annotations

import json

import pytest

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from tasks.models import RoomEvent
from tests.people import make_staff
from tests.tasks.test_pages import client_of
from tests.tasks.workshops import does, goes_to, person, room, seen
from tests.uploads.made import given, photo

pytestmark = pytest.mark.django_db


def picture_of(who: str) -> Upload:
    return receive(by=person(who), file=given(photo()))


def sees(who: str, upload: Upload) -> bool:
    return Upload.objects.visible_to(person(who)).filter(pk=upload.pk).exists()


def test_w13_a_picture_of_a_private_note_is_private_until_the_reveal():
    here, operator = room(), make_staff("operator2", role="operator")
    file = picture_of("zhou")
    note = does(here, "zhou", "note.add", text="这里反光", image=file.pk)
    assert sees("zhou", file) and not sees("he", file) and not sees("researcher", file)
    assert (
        not Upload.objects.visible_to(operator).filter(pk=file.pk).exists()
    )  # nobody moderates a closed room from outside
    goes_to(here, "reveal")
    assert sees("he", file) and sees("researcher", file)
    assert not Upload.objects.visible_to(operator).filter(pk=file.pk).exists()
    assert [one["image"] for one in seen(here, "he")["notes"]] == [file.pk]
    path = f"/tasks/workshops/{here.task_id}/room/pictures/{file.pk}/"
    assert client_of(person("he")).get(path).url == file.url
    assert client_of(operator).get(path).status_code == 404
    assert note.seq


def test_a_picture_in_a_later_round_of_writing_is_private_again():
    here = room()
    goes_to(here, "cluster")
    goes_to(here, "diverge")
    file = picture_of("zhou")
    does(here, "zhou", "note.add", text="第二轮", image=file.pk)
    assert not sees("he", file)
    goes_to(here, "discuss")
    assert sees("he", file)


def test_only_an_own_picture_that_shows_nowhere_else_goes_on_the_board():
    here = room(phase="cluster")
    mine, theirs = picture_of("zhou"), picture_of("he")
    for image in (theirs.pk, 987654):
        with pytest.raises(Invalid):
            does(here, "zhou", "note.add", text="一张", image=image)
    does(here, "zhou", "note.add", text="一张", image=mine.pk)
    with pytest.raises(Invalid):
        does(here, "zhou", "picture.add", image=mine.pk)
    assert RoomEvent.objects.filter(kind__in=["note.add", "picture.add"]).count() == 1


def test_a_picture_goes_with_its_note_and_comes_back_with_it():
    here = room(phase="cluster")
    file = picture_of("zhou")
    note = does(here, "zhou", "note.add", text="一张", image=file.pk)
    assert sees("he", file)
    gone = does(here, "researcher", "note.delete", note=note.seq, reason="有别人的车牌")
    assert not sees("he", file) and sees("zhou", file)
    does(here, "researcher", "undo", seq=gone.seq)
    assert sees("he", file)


def test_pins_have_numbers_that_are_never_given_again_and_belong_to_who_put_them():
    here = room(phase="cluster")
    file = picture_of("researcher")
    picture = does(here, "researcher", "picture.add", image=file.pk, text="车位草图")
    first = does(here, "zhou", "pin.add", picture=picture.seq, x=12.34, y=50, text="这里看不清")
    does(here, "he", "pin.add", picture=picture.seq, x=100, y=0, text="这里挡住了")
    with pytest.raises(Forbidden):
        does(here, "he", "pin.delete", pin=first.seq)
    does(here, "zhou", "pin.delete", pin=first.seq)
    with pytest.raises(Conflict):
        does(here, "zhou", "pin.delete", pin=first.seq)
    does(here, "zhou", "pin.add", picture=picture.seq, x=0, y=0, text="换个地方")
    shown = seen(here, "zhou")["pictures"]
    assert [(one["text"], one["width"], one["height"]) for one in shown] == [("车位草图", file.width, file.height)]
    assert [(pin["number"], pin["x"], pin["y"], pin["mine"]) for pin in shown[0]["pins"]] == [
        (2, 100, 0, False),
        (3, 0, 0, True),
    ]
    for x, y in ((101, 0), (-1, 0), ("5", 0), (True, 0), (None, 0)):
        with pytest.raises(Invalid):
            does(here, "zhou", "pin.add", picture=picture.seq, x=x, y=y, text="外面")
    with pytest.raises(Forbidden):
        does(here, "he", "picture.delete", picture=picture.seq)
    does(here, "researcher", "picture.delete", picture=picture.seq)
    assert seen(here, "zhou")["pictures"] == [] and not sees("zhou", file)
    with pytest.raises(Conflict):
        does(here, "zhou", "pin.add", picture=picture.seq, x=1, y=1, text="晚了")


def test_nobody_puts_up_a_picture_while_everybody_writes_alone():
    here = room(phase="diverge")
    with pytest.raises(Conflict):
        does(here, "researcher", "picture.add", image=picture_of("researcher").pk)


def test_where_notes_show_no_names_pictures_and_pins_show_none():
    here = room(phase="cluster", anonymous=True)
    picture = does(here, "zhou", "picture.add", image=picture_of("zhou").pk)
    does(here, "zhou", "pin.add", picture=picture.seq, x=1, y=1, text="这里")
    assert "author" in seen(here, "he")["pictures"][0] and person("zhou").pk not in authors(seen(here, "he"))
    assert authors(seen(here, "zhou")) == {person("zhou").pk}
    said = client_of(person("he")).get(f"/api/v1/workshops/{here.task_id}/events/").json()["events"]
    assert {one["actor"] for one in said if one["kind"] in {"picture.add", "pin.add"}} == {None}


def authors(state: dict) -> set:
    pictures = state["pictures"]
    return {one["author"] for one in (*pictures, *(pin for picture in pictures for pin in picture["pins"]))} - {None}


def test_everything_about_pictures_works_as_plain_forms():
    here = room(phase="cluster")
    zhou, path = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/room/"
    zhou.post(f"{path}do/", {"kind": "note.add", "text": "带图的", "file": given(photo())})
    zhou.post(f"{path}do/", {"kind": "picture.add", "text": "墙上的纸", "file": given(photo())})
    picture = RoomEvent.objects.get(kind="picture.add")
    zhou.post(f"{path}do/", {"kind": "pin.add", "picture": picture.seq, "x": "12.5", "y": "80", "text": "这一角"})
    page = zhou.get(path).content.decode()
    for image in Upload.objects.values_list("pk", flat=True):
        assert f"/room/pictures/{image}/" in page
    assert "墙上的纸" in page and "这一角" in page and 'name="x"' in page
    state = json.loads(zhou.get(f"/api/v1/workshops/{here.task_id}/state/").content)
    assert state["pictures"][0]["pins"][0]["x"] == 12.5


def test_a_file_that_came_with_refused_words_is_not_asked_for_again():
    here = room(phase="cluster")
    zhou, path = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/room/"
    answer = zhou.post(f"{path}do/", {"kind": "note.add", "text": "长" * 501, "file": given(photo())})
    file = Upload.objects.get()
    assert answer.status_code == 422 and f'name="image" value="{file.pk}"' in answer.content.decode()
    zhou.post(f"{path}do/", {"kind": "note.add", "text": "短了", "image": file.pk})
    assert seen(here, "zhou")["notes"][0]["image"] == file.pk
