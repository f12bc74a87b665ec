"""Uploads become part of one thing, of one's own doing only, whoever else tries at the same time."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from kocforum.uploads import actions, queries
from kocforum.uploads.models import Upload

from .made import clip, given, photo

pytestmark = pytest.mark.django_db


def taken(by, count: int) -> list[Upload]:
    return [actions.receive(by=by, file=given(photo())) for _n in range(count)]


def test_uploads_are_attached_in_the_order_that_was_given(owner, things):
    first, second, third = taken(owner, 3)
    rows = actions.attach(by=owner, uploads=[third.pk, first], kind="page", object_id=5)
    assert rows == [third, first]
    assert queries.attached_to("page", [5, 6]) == {5: [third, first]}
    actions.attach(by=owner, uploads=[second], kind="page", object_id=5)
    assert queries.attached_to("page", [5]) == {5: [third, first, second]}
    actions.attach(by=owner, uploads=[first, second, third], kind="page", object_id=5)
    assert queries.attached_to("page", [5]) == {5: [first, second, third]}
    assert Fact.objects.filter(name="uploads.UploadsAttached").count() == 2


def test_somebody_elses_upload_does_not_exist(picture, stranger, things):
    mine = taken(stranger, 1)
    for wanted in ([picture], [*mine, picture], [picture.pk + 1000]):
        with pytest.raises(Invalid) as refused:
            actions.attach(by=stranger, uploads=wanted, kind="page", object_id=stranger.pk)
        assert list(refused.value.fields) == ["uploads"]
    assert not Upload.objects.filter(number__isnull=False).exists()


def test_not_even_an_operator_takes_an_upload_of_others(picture, person, things):
    operator = person("op", is_staff=True, role="operator")
    with pytest.raises(Invalid):
        actions.attach(by=operator, uploads=[picture], kind="page", object_id=1)


def test_an_upload_is_part_of_one_thing_only(picture, owner, things):
    other = taken(owner, 1)[0]
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=1)
    for kind, number in (("page", 2), ("lounge", 1)):
        with pytest.raises(Conflict):
            actions.attach(by=owner, uploads=[other, picture], kind=kind, object_id=number)
    picture.refresh_from_db()
    other.refresh_from_db()
    assert (picture.attached_to, picture.number) == ("page", 1)
    assert other.number is None, "all or nothing"


def test_a_thing_has_room_for_so_many_files_and_one_video(owner, things, settings, tmp_path):
    settings.UPLOADS = {"PER_THING": 2}
    a, b, c = taken(owner, 3)
    actions.attach(by=owner, uploads=[a, b], kind="page", object_id=1)
    with pytest.raises(Invalid, match="At most 2"):
        actions.attach(by=owner, uploads=[c], kind="page", object_id=1)
    video = clip(tmp_path / "a.mp4").read_bytes()
    one, two = (actions.receive(by=owner, file=given(video, "a.mp4")) for _n in range(2))
    with pytest.raises(Invalid, match="One video"):
        actions.attach(by=owner, uploads=[one, two], kind="page", object_id=2)
    actions.attach(by=owner, uploads=[one], kind="page", object_id=2)
    with pytest.raises(Invalid, match="One video"):
        actions.attach(by=owner, uploads=[two], kind="page", object_id=2)


def test_a_kind_that_nobody_registered_is_a_mistake_of_ours(picture, owner, things):
    with pytest.raises(LookupError):
        actions.attach(by=owner, uploads=[picture], kind="nothing", object_id=1)


def test_a_detached_upload_can_be_used_again(picture, owner, stranger, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=1)
    picture.refresh_from_db()
    with pytest.raises(Forbidden):
        actions.detach(by=stranger, uploads=[picture])
    assert actions.detach(by=owner, uploads=[picture]) == 1
    picture.refresh_from_db()
    assert picture.number is None and picture.loose_since is not None
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=2)


def test_an_operator_takes_a_file_off_a_thing(picture, owner, person, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=1)
    picture.refresh_from_db()
    assert actions.detach(by=person("op", is_staff=True, role="operator"), uploads=[picture]) == 1


def test_takeable_are_own_loose_ones_and_those_of_the_thing_that_is_edited(owner, stranger, things):
    here, loose, elsewhere = taken(owner, 3)
    foreign = taken(stranger, 1)[0]
    actions.attach(by=owner, uploads=[here], kind="page", object_id=1)
    actions.attach(by=owner, uploads=[elsewhere], kind="page", object_id=2)
    asked = [foreign.pk, loose.pk, here.pk, elsewhere.pk, loose.pk, 10**12]
    assert queries.takeable(owner, asked, kind="page", number=1) == [loose, here]
    assert queries.takeable(owner, asked) == [loose]


@pytest.mark.parametrize("count", [1, 10])
def test_attaching_costs_the_same_for_one_and_for_ten(owner, things, count, django_assert_num_queries):
    uploads = taken(owner, count)
    with django_assert_num_queries(10):
        actions.attach(by=owner, uploads=uploads, kind="page", object_id=1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_things_that_take_one_upload_at_once_one_gets_it(owner, things):
    for _round in range(5):
        upload = taken(owner, 1)[0]
        outcomes = together(
            lambda number, upload=upload: actions.attach(
                by=Member.objects.get(), uploads=[upload.pk], kind="page", object_id=number
            )
        )
        assert sorted(outcomes) == ["Conflict", "list"]
        upload.refresh_from_db()
        assert upload.number in (1, 2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_upload_is_either_attached_or_discarded_never_both(owner, things):
    for _round in range(5):
        upload = taken(owner, 1)[0]

        def act(number, upload=upload):
            by = Member.objects.get()
            if number == 1:
                return actions.attach(by=by, uploads=[upload.pk], kind="page", object_id=1)
            return actions.discard(by=by, upload=upload)

        outcomes = together(act)
        left = Upload.objects.filter(pk=upload.pk).first()
        if left is None:
            assert set(outcomes) <= {"NoneType", "Invalid", "Conflict"}
        else:
            assert left.number == 1 and outcomes[1] == "Conflict"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_requests_with_one_op_id_make_one_upload(owner):
    op_id, content = uuid.uuid4(), photo()
    outcomes = together(lambda _n: actions.receive(by=Member.objects.get(), file=given(content), op_id=op_id))
    assert outcomes == ["Upload", "Upload"]
    assert Upload.objects.count() == 1


def together(act) -> list[str]:
    """Run act(1) and act(2) at the same time; answers what came back, by type."""
    start, outcomes = threading.Barrier(2), ["", ""]

    def run(number: int) -> None:
        start.wait()
        try:
            outcomes[number - 1] = type(act(number)).__name__
        except Exception as error:
            outcomes[number - 1] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
