"""What an event looks like, and the way there: shown by its organisers, seen by whoever may know the event."""

from __future__ import annotations

import re

import pytest

from kocforum.errors import Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from tasks.actions.event_pictures import show_pictures
from tasks.actions.events import open_event
from tasks.queries.event_pictures import pictures_of
from tests.tasks.initiatives import agreed, koc, member, opened_event, planned_event
from tests.tasks.test_pages import client_of
from tests.tasks.test_reviews import staff
from tests.uploads.made import given, photo

pytestmark = pytest.mark.django_db


def picture(by: Member) -> Upload:
    return receive(by=by, file=given(photo()))


def test_organisers_show_pictures_and_the_way_and_everybody_sees_them():
    event = opened_event()
    path, leads, reads = f"/events/{event.pk}/pictures/", client_of(koc()), client_of()
    assert leads.get(path).status_code == 200
    assert reads.get(path).status_code == 302
    assert client_of(member("lin")).get(path).status_code == 404
    sent = {"scenes-new_uploads": given(photo()), "way-new_uploads": given(photo())}
    assert leads.post(path, sent).status_code == 302
    [shown], way = pictures_of(event)
    page = reads.get(event.get_absolute_url()).content.decode()
    assert shown.url in page and way.url in page
    assert re.search(rf'og:image" content="https?://[^"/]+{shown.url}', page)
    assert shown.thumbnail_url in reads.get("/events/").content.decode()
    kept = {"scenes-uploads": [shown.pk], "way-uploads": [way.pk], "way-drop": [way.pk]}
    assert leads.post(path, kept).status_code == 302
    assert pictures_of(event) == ([shown], None)


def test_only_one_picture_shows_the_way_and_what_was_received_stays_in_the_form():
    event = opened_event()
    path, leads = f"/events/{event.pk}/pictures/", client_of(koc())
    first, second = picture(koc()), picture(koc())
    answer = leads.post(path, {"way-uploads": [first.pk, second.pk], "scenes-new_uploads": given(photo())})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "只放一张" in page and page.count('type="hidden" name="way-uploads"') == 2
    assert 'type="hidden" name="scenes-uploads"' in page
    assert pictures_of(event) == ([], None)


def test_the_brand_and_strangers_show_nothing():
    event = opened_event()
    for who in (member("lin"), staff("admin"), staff("approver")):
        with pytest.raises(Forbidden):
            show_pictures(by=who, event=event, pictures=[picture(who)], way=[])
    with pytest.raises(Invalid):
        show_pictures(by=koc(), event=event, pictures=[picture(member("su"))], way=[])


def test_pictures_of_an_event_that_is_only_planned_are_its_organisers():
    event = planned_event()
    shown = picture(koc())
    show_pictures(by=koc(), event=event, pictures=[shown], way=[])
    assert client_of(koc()).get(shown.url).status_code == 200
    assert client_of(member("lin")).get(shown.url).status_code == 404
    open_event(by=koc(), event=event)
    assert client_of().get(shown.url).status_code == 200


def test_what_another_organiser_shows_meanwhile_stays_when_a_form_that_did_not_show_it_is_sent():
    event = opened_event()
    path, first, second = f"/events/{event.pk}/pictures/", client_of(koc()), client_of(agreed(event.initiative))
    assert first.get(path).status_code == second.get(path).status_code == 200
    first.post(path, {"scenes-new_uploads": given(photo()), "way-new_uploads": given(photo())})
    [scene], way = pictures_of(event)
    assert second.post(path, {"scenes-new_uploads": given(photo())}).status_code == 302
    shown, still = pictures_of(event)
    assert len(shown) == 2 and shown[0] == scene and still == way


def test_whoever_takes_a_picture_off_is_named_for_it_and_nobody_else():
    event = opened_event()
    deputy, scene = agreed(event.initiative), picture(koc())
    show_pictures(by=koc(), event=event, pictures=[scene], way=[])
    elsewhere = picture(koc())
    show_pictures(by=deputy, event=event, pictures=[scene], way=[], dropped=[scene.pk, elsewhere.pk])
    assert pictures_of(event) == ([], None)
    assert Fact.objects.get(name="uploads.UploadsDetached").by == deputy


def test_a_new_picture_of_the_way_takes_the_place_of_the_one_before():
    event = opened_event()
    path, leads = f"/events/{event.pk}/pictures/", client_of(koc())
    leads.post(path, {"way-new_uploads": given(photo())})
    _, before = pictures_of(event)
    assert leads.post(path, {"way-uploads": [before.pk], "way-new_uploads": given(photo())}).status_code == 302
    _, after = pictures_of(event)
    before.refresh_from_db()
    assert after != before and before.number is None
