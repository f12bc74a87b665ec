"""Sound and picture in the room: browsers with made-up cameras see and hear each other."""

from __future__ import annotations

import contextlib
import math
import re
import struct
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import LAPTOP, PATIENCE, PHONE, chromium, served
from tests.stories.windows import Site, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAKE_DEVICES = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",  # a machine without a network resolves no .local names
)
NO_DEVICES = ("--deny-permission-prompts", "--disable-features=WebRtcHideLocalIpsWithMdns")
ROOM = "/tasks/workshops/1/room/"

# The connections of a page, so that a test can ask what really arrives, and its sockets, so that one can break.
WATCHED = """
window.connections = [];
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...values) { super(...values); window.sockets.push(this); }
};
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...values) { super(...values); window.connections.push(this); }
};
"""
ARRIVES = """async (kind) => {
  let most = 0;
  for (const connection of window.connections.filter((one) => one.connectionState === "connected"))
    for (const row of (await connection.getStats()).values())
      if (row.type === "inbound-rtp" && row.kind === kind)
        most = Math.max(most, kind === "audio" ? row.totalAudioEnergy ?? 0 : row.framesDecoded ?? 0);
  return most;
}"""
PLAYS = """(name) => {
  const tile = [...document.querySelectorAll("#call .tile")].find((one) => one.querySelector("[data-name]").textContent === name);
  const video = tile?.querySelector("video");
  return video && video.videoWidth > 0 && video.currentTime > 0.5 && getComputedStyle(video).display !== "none";
}"""


@pytest.fixture
def sites(tmp_path: Path, transactional_db, playwright) -> Iterator[Any]:
    """`sites(*flags)`: the same running site in a browser of its own each."""
    voice = f"--use-file-for-fake-audio-capture={a_voice(tmp_path / 'voice.wav')}"
    with served(tmp_path, "meeting") as address, contextlib.ExitStack() as browsers:
        yield lambda *flags: Site(browsers.enter_context(chromium(playwright, voice, *flags)), address)


def a_voice(path: Path) -> Path:
    """Seconds of syllables: what a device makes up by itself beeps for a blink, which a look now and then may always miss."""
    rate, seconds = 48_000, 3
    loud = (
        0.5 * math.sin(math.pi * (at % 0.3) / 0.3) * math.sin(2 * math.pi * (160 + 90 * math.sin(2 * at)) * at)
        for at in (frame / rate for frame in range(rate * seconds))
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", int(level * 32_767)) for level in loud))
    return path


def enters(site: Site, name: str, size: dict[str, int] = LAPTOP) -> Any:
    page = site.signed_in(name, size)
    page.add_init_script(WATCHED)
    page.goto(ROOM)
    return page


def joins(page: Any, *more: str) -> None:
    page.get_by_role("button", name="Join with sound").click()
    for name in more:
        button = page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_enabled()
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")


def sees(page: Any, name: str) -> None:
    page.wait_for_function(PLAYS, arg=name, timeout=PATIENCE)


def hears(page: Any) -> None:
    """The made-up microphone speaks: the energy of what arrives grows."""
    before = page.evaluate(ARRIVES, "audio")
    page.wait_for_function(
        f"(before) => ({ARRIVES})('audio').then((now) => now > before)", arg=before, timeout=PATIENCE
    )


def tile(page: Any, name: str) -> Any:
    return page.locator("#call .tile", has=page.locator("[data-name]", has_text=name))


def test_two_who_join_see_and_hear_each_other_and_one_comes_back(sites):
    first, second = sites(*FAKE_DEVICES), sites(*FAKE_DEVICES)
    he, su = enters(first, "he"), enters(second, "su", PHONE)
    joins(he, "Camera")
    joins(su, "Camera")
    for page, other in ((he, "Su"), (su, "He")):
        sees(page, other)
        hears(page)
        assert page.evaluate(ARRIVES, "video") > 0
    expect(tile(he, "Su")).to_have_class(re.compile("loud"))

    # Muted here is muted there, and silence arrives.
    su.get_by_role("button", name="Microphone", exact=True).click()
    expect(tile(he, "Su").get_by_text("muted")).to_be_attached()
    expect(tile(he, "Su")).to_have_class(re.compile("silent"))
    su.get_by_role("button", name="Microphone", exact=True).click()
    expect(tile(he, "Su").get_by_text("muted")).not_to_be_visible()
    hears(he)

    # A command that loads the page anew does not end it: one comes back by itself.
    su.reload()
    sees(he, "Su")
    sees(su, "He")

    su.get_by_role("button", name="Leave", exact=True).click()
    expect(tile(he, "Su")).to_have_count(0)
    expect(su.locator("#call .tile")).to_have_count(0)
    joins(su)
    expect(tile(he, "Su")).to_be_visible()
    hears(he)
    assert not [*first.complaints, *second.complaints]


def test_without_permission_one_listens_and_the_room_works_fully(sites):
    heard, silent = sites(*FAKE_DEVICES), sites(*NO_DEVICES)
    he, ma = enters(heard, "he"), enters(silent, "ma")
    joins(he)
    ma.get_by_role("button", name="Join with sound").click()
    expect(ma.locator("[data-said]")).to_contain_text("everything else in the room works")
    expect(tile(he, "Ma").get_by_text("muted")).to_be_attached()
    hears(ma)
    ma.locator("#note").fill("没有话筒也写得上")
    ma.get_by_role("button", name="Put it on the board").click()
    expect(ma.locator(".note")).to_contain_text("没有话筒也写得上")
    hears(ma)  # the board was swapped, the sound went on
    assert not [*heard.complaints, *silent.complaints]


def test_the_socket_drops_and_both_are_back(sites):
    site = sites(*FAKE_DEVICES)
    he, su = enters(site, "he"), enters(site, "su")
    joins(he)
    joins(su)
    hears(he)
    before = he.evaluate("window.connections.length")
    he.evaluate("window.sockets.filter((one) => one.url.includes('workshops')).forEach((one) => one.close())")
    he.wait_for_function("(before) => window.connections.length > before", arg=before)
    expect(tile(he, "Su")).to_be_visible()
    hears(su)
    hears(he)
    assert not site.complaints
