"""A recording in the room, with made-up microphones: everybody's yes, each the own voice, heard by who met, taken out by who spoke (W15)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import PHONE, chromium, served
from tests.stories.test_call_sound_browser import FAKE_DEVICES, enters, hears, joins
from tests.stories.test_workshop_browser import go_to
from tests.stories.windows import Site, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A_WHILE = 3000  # milliseconds in which somebody speaks; the made-up microphone beeps once a second
VOICES = "/tasks/workshops/1/voices/"
AFTER = "/tasks/workshops/1/after/"

# How loud the loudest moment of a file is, about 1 at most; 0 for silence. The status of a refusal.
LOUDEST = """async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) return answer.status;
  const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await answer.arrayBuffer());
  return sound.getChannelData(0).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}"""
PLAYS = "(audio) => audio.play().then(() => true)"


@pytest.fixture
def sites(tmp_path: Path, transactional_db, playwright) -> Iterator[Any]:
    with served(tmp_path, "meeting") as address, contextlib.ExitStack() as browsers:
        yield lambda: Site(browsers.enter_context(chromium(playwright, *FAKE_DEVICES)), address)


def records(page: Any) -> Any:
    return page.locator("#call [data-records]")


def says(page: Any, words: str) -> None:
    page.locator("#recording").get_by_role("button", name=words, exact=True).click()


@contextlib.contextmanager
def leaving_a_voice(page: Any) -> Iterator[None]:
    """What is done here makes this page send a piece, and it is taken."""
    with page.expect_response(lambda answer: answer.url.endswith(VOICES)) as sent:
        yield
    assert sent.value.status == 201


def kept_files(folder: Path) -> int:
    return sum(one.is_file() for one in folder.glob("uploads/recordings/*/*"))


def test_voices_are_recorded_with_a_yes_of_everybody_heard_by_those_who_met_and_taken_out(sites, tmp_path):
    first, second = sites(), sites()
    host, he = enters(first, "researcher"), enters(second, "he", PHONE)
    sent: list[str] = []
    for page in (host, he):
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith(VOICES) else None)
    joins(host)
    joins(he)
    hears(he)

    says(host, "Ask everybody")
    says(host, "Begin recording")  # one is here who has not said yes
    expect(host.locator("#notices .toast.warning")).to_contain_text("He")
    expect(records(he)).to_be_hidden()
    says(he, "Yes, I agree")
    expect(he.locator("#recording")).to_contain_text("You agreed.")
    says(host, "Begin recording")
    for page in (host, he):
        expect(records(page)).to_be_visible()
    he.wait_for_timeout(A_WHILE)
    assert sent == []

    # Muted, the piece so far is sent; nothing is recorded until the microphone is on again.
    microphone = he.get_by_role("button", name="Microphone", exact=True)
    with leaving_a_voice(he):
        microphone.click()
    microphone.click()
    expect(microphone).to_have_attribute("aria-pressed", "true")
    he.wait_for_timeout(A_WHILE)

    # Who comes in is asked first: until then it waits.
    with leaving_a_voice(he), leaving_a_voice(host):
        su = enters(second, "su")
        expect(records(he)).to_be_hidden()
    says(su, "Yes, I agree")
    says(host, "Begin recording")
    expect(records(he)).to_be_visible()
    he.wait_for_timeout(A_WHILE)
    with leaving_a_voice(he), leaving_a_voice(host):
        says(host, "Stop, and ask no more")
        expect(records(he)).to_be_hidden()
    assert kept_files(tmp_path) == len(sent) == 5

    go_to(host, "End the room")
    expect(he.get_by_text("This room is over.")).to_be_visible()
    for page in (host, su):
        page.goto(AFTER)
        voices = page.locator(".voices audio")
        expect(voices).to_have_count(5)
        for voice in voices.all():
            assert 0.05 < page.evaluate(LOUDEST, voice.get_attribute("src")) < 2
        assert voices.first.evaluate(PLAYS)
    expect(host.get_by_role("button", name="Take my voice out")).to_have_count(2)  # the own ones alone
    expect(su.get_by_role("button", name="Take my voice out")).to_have_count(0)

    he.goto(AFTER)
    taken = he.locator(".voices li", has=he.get_by_role("button", name="Take my voice out")).first
    address = taken.locator("audio").get_attribute("src")
    assert first.signed_in("operator").evaluate(LOUDEST, address) == 404  # a colleague who was not in the room
    taken.get_by_role("button").click()
    expect(he.locator(".voices audio")).to_have_count(4)
    expect(host.locator(".voices audio")).to_have_count(4)  # also on a page that was open meanwhile
    assert host.evaluate(LOUDEST, address) == 404
    assert kept_files(tmp_path) == 4
    assert not [*first.complaints, *second.complaints]
