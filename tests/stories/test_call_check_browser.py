"""Sound and picture before the meeting, by keyboard and without devices; and how the picture falls before it breaks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import PATIENCE, PHONE, chromium, served
from tests.pages.test_accessible import found_by_axe
from tests.stories.test_call_sound_browser import FAKE_DEVICES, NO_DEVICES, enters, joins, tile
from tests.stories.windows import Site, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHECK = "/tasks/workshops/1/check/"


@pytest.fixture
def sites(tmp_path: Path, transactional_db, playwright) -> Iterator[Any]:
    with served(tmp_path, "meeting") as address, contextlib.ExitStack() as browsers:
        yield lambda *flags: Site(browsers.enter_context(chromium(playwright, *flags)), address)


def press(page: Any, name: str) -> None:
    button = page.get_by_role("button", name=name)
    button.focus()
    button.press("Enter")


def test_the_check_says_in_words_what_works(sites):
    site = sites(*FAKE_DEVICES)
    he = site.signed_in("he", PHONE)
    he.goto(CHECK)
    press(he, "Try the microphone")
    expect(he.get_by_text("We hear you.")).to_be_visible()
    press(he, "Try the camera")
    expect(he.get_by_text("We see you.")).to_be_visible()
    press(he, "Play the tones")
    press(he, "I heard them")
    expect(he.get_by_text("You hear us.")).to_be_visible()
    assert he.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    chosen = he.locator("#choose-microphone option").last.get_attribute("value")
    he.locator("#choose-microphone").select_option(chosen)
    he.goto(CHECK)
    expect(he.locator("#choose-microphone")).to_have_value(chosen)  # remembered on this device
    assert not site.complaints
    assert not found_by_axe(he)  # the policy complains about what axe itself tries, so last

    # The part of the room: connected, with a picture and the list of devices open.
    he.goto("/tasks/workshops/1/room/")
    joins(he, "Camera")
    he.locator(".choices summary").click()
    expect(he.locator("#choose-camera")).to_be_visible()
    assert not found_by_axe(he)


def test_without_devices_the_check_says_what_to_do(sites):
    site = sites(*NO_DEVICES)
    he = site.signed_in("he", PHONE)
    he.goto(CHECK)
    press(he, "Try the microphone")
    expect(he.locator("[data-found=microphone]")).to_contain_text("everything else in the room works")
    press(he, "Try the camera")
    expect(he.locator("[data-found=camera]")).not_to_be_empty()
    assert not site.complaints


def test_without_a_script_room_and_check_say_so(sites):
    site = sites()
    he = site.signed_in("he", PHONE)
    bare = site.browser.new_context(
        base_url=site.address, storage_state=he.context.storage_state(), java_script_enabled=False, locale="en-GB"
    ).new_page()
    for path in (CHECK, "/tasks/workshops/1/room/"):
        bare.goto(path)
        expect(bare.locator("main noscript p")).to_contain_text("JavaScript")
        assert not bare.get_by_role("button", name="Join with sound").is_visible()
        assert not bare.get_by_role("button", name="Try the microphone").is_visible()


def test_a_picture_falls_step_by_step_and_comes_back_slowly(sites):
    page = sites().window()
    page.goto("/")
    said = page.evaluate(
        """async () => {
          const { Ladder, CAMERA, SCREEN, WORST, bestFor, hearsBadly } = await import("/static/js/call/quality.js");
          const ladder = new Ladder(), bad = { lost: 0.2 }, good = { lost: 0 };
          const falls = [1, 2, 3, 4, 5, 6].map(() => ladder.look(bad));
          const weak = ladder.isWeak;
          const rises = Array.from({ length: 10 }, () => ladder.look(good));
          return {
            falls, weak, rises, worst: WORST,
            narrow: new Ladder().look({ carries: 100_000, wanted: 600_000 }), eased: new Ladder().look({ eased: true }),
            screenOutlastsCamera: CAMERA.findIndex((step) => !step) < SCREEN.findIndex((step) => !step),
            many: [1, 2, 3, 5, 11].map(bestFor), badly: [0, 0.05, 0.2].map(hearsBadly),
          };
        }"""
    )
    assert said["falls"] == [1, 2, 3, 4, 5, 5] and said["worst"] == 5 and said["weak"]
    assert said["rises"] == [5, 5, 5, 5, 4, 4, 4, 4, 4, 3]
    assert (said["narrow"], said["eased"], said["screenOutlastsCamera"]) == (1, 1, True)
    assert said["many"] == [0, 0, 1, 2, 2] and said["badly"] == [False, False, True]


def test_on_a_bad_line_the_picture_stops_and_the_sign_says_so(sites):
    """The other one asks for less until no picture is sent; sound goes on."""
    site = sites(*FAKE_DEVICES)
    he, su = enters(site, "he"), enters(site, "su")
    joins(he, "Camera")
    joins(su)
    he.wait_for_function(
        "() => window.connections.some((one) => one.connectionState === 'connected')", timeout=PATIENCE
    )
    he.evaluate(
        """() => {
          const known = RTCPeerConnection.prototype.getStats;
          RTCPeerConnection.prototype.getStats = async function () {
            return new Map([...(await known.call(this))].concat([["x", { type: "remote-inbound-rtp", fractionLost: 0.3 }]]));
          };
        }"""
    )
    sent = "window.connections.flatMap((one) => one.getSenders()).filter((one) => one.track?.kind === 'video')"
    he.wait_for_function(
        f"() => {sent}.length > 0 && {sent}.every((one) => !one.getParameters().encodings[0].active)", timeout=PATIENCE
    )
    expect(tile(he, "Su").get_by_text("weak line")).to_be_visible()
    assert he.evaluate(
        "window.connections.flatMap((one) => one.getSenders()).filter((one) => one.track?.kind === 'audio')"
        ".every((one) => one.getParameters().encodings[0].active)"
    )
    assert not site.complaints
