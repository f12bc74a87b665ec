"""The gate in a browser: two phones at one gate, no network, a ticket seen by the camera; afterwards everybody is in once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image

from tests.browsing import PHONE, chromium, served
from tests.stories.site import KNOWN_TICKET
from tests.stories.windows import Site, expect, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    camera = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film_of(KNOWN_TICKET, tmp_path / 'ticket.mjpeg')}",
    )
    with served(tmp_path, "gathering") as address, chromium(playwright, *camera) as browser:
        yield Site(browser, address)


def film_of(ticket: str, path: Path) -> Path:
    """A ticket held before a camera, a little askew and not quite white."""
    square = io.BytesIO()
    segno.make(ticket, error="m").save(square, kind="png", scale=9, border=4, light="#e8e4da")
    picture = Image.new("RGB", (640, 480), "#6b6f6a")
    code = Image.open(square).convert("RGB").rotate(7, expand=True, fillcolor="#6b6f6a")
    picture.paste(code, ((640 - code.width) // 2 + 12, (480 - code.height) // 2 - 8))
    frame = io.BytesIO()
    picture.save(frame, "JPEG", quality=80)
    path.write_bytes(frame.getvalue() * 8)
    return path


def is_ready(phone: Any) -> None:
    for name in ("list", "page", "camera"):
        expect(phone.locator(f"[data-ready-{name}][data-kind=good]")).to_have_count(1)


def test_i7_two_phones_without_a_network_let_everybody_in_once(site):
    first, second = site.signed_in("zhou", PHONE), site.signed_in("he", PHONE)
    for phone, name in ((first, "North gate"), (second, "South gate")):
        phone.goto("/events/1/")
        phone.get_by_role("link", name="To the gate").click()
        is_ready(phone)
        phone.get_by_label("This phone is called").fill(name)
        phone.get_by_label("This phone is called").press("Tab")

    for phone in (first, second):
        phone.context.set_offline(True)
    first.reload()  # offline by default: the page and its list are on the phone (I8)
    expect(first.locator("[data-list] [data-place]")).to_have_count(6)
    expect(first.locator("[data-state-words]")).to_have_text("No network. Carry on")

    second.get_by_role("button", name="Scan with the camera").click()
    expect(second.locator("[data-verdict]")).to_have_text("Welcome")
    expect(second.locator("[data-who]")).to_have_text("Guest0")
    second.get_by_role("button", name="Turn the camera off").click()

    first.get_by_label("Look for a name or a plate").fill("guest0")
    first.locator("[data-list] [data-place]").click()
    expect(first.locator("[data-verdict]")).to_have_text("Welcome")
    first.get_by_label("Look for a name or a plate").fill("guest1")
    first.locator("[data-list] [data-place]").focus()
    first.keyboard.press("Enter")
    expect(first.locator("[data-who]")).to_have_text("Guest1")
    expect(first.locator("[data-list] [data-place]")).to_be_focused()  # drawn anew, and the keyboard stays where it was
    first.get_by_role("button", name="One fewer came").click()
    first.get_by_label("What do we call them?").fill("Old Wang")
    first.get_by_role("button", name="Let in", exact=True).click()
    expect(first.locator("[data-came]")).to_have_text("4")
    expect(first.locator("[data-waiting]")).to_have_text("5 to send")

    second.context.set_offline(False)
    expect(second.locator("[data-waiting]")).to_have_text("")
    first.context.set_offline(False)
    expect(first.locator("[data-waiting]")).to_have_text("")
    expect(first.locator("[data-log]")).to_contain_text("In already Guest0")
    for phone in (first, second):
        expect(phone.locator("[data-came]")).to_have_text("4")
    first.get_by_role("link", name="List on paper").click()
    expect(first.locator(".gate-count b")).to_have_text("4")
    expect(first.locator(".gate-paper li", has_text="Guest0")).to_contain_text("South gate")
    assert not site.complaints


def test_i20_a_phone_that_took_somebody_back_without_a_network_hears_that_they_stand(site):
    phone, other = site.signed_in("zhou", PHONE), site.signed_in("he", PHONE)
    phone.goto("/events/1/gate/")
    is_ready(phone)
    phone.get_by_label("Look for a name or a plate").fill("guest3")
    phone.locator("[data-list] [data-place]").click()
    expect(phone.locator("[data-waiting]")).to_have_text("")
    phone.context.set_offline(True)
    phone.locator("[data-log] [data-undo]").click()
    expect(phone.locator("[data-came]")).to_have_text("0")

    other.goto("/events/1/gate/list/")
    other.get_by_role("link", name="Something happened").click()
    other.get_by_text("Somebody is hurt or ill").click()
    other.get_by_label("What happened?").fill("A fall on wet moss at the second stop.")
    other.get_by_role("button", name="Put it on record").click()
    expect(other.locator(".incident")).to_contain_text("2 people checked in by then")

    phone.context.set_offline(False)
    expect(phone.locator("[data-waiting]")).to_have_text("")
    expect(phone.locator("[data-came]")).to_have_text("2")
    expect(phone.locator("[data-log]")).to_contain_text("who was there stays as it stands")
    expect(phone.locator("[data-log]")).to_contain_text("Welcome Guest3")
    assert not site.complaints


def test_after_the_event_a_phone_hands_in_what_it_carries_and_lets_nobody_in(site):
    phone = site.signed_in("zhou", PHONE)
    phone.goto("/events/1/gate/")
    is_ready(phone)
    phone.context.set_offline(True)
    phone.get_by_label("Look for a name or a plate").fill("guest3")
    phone.locator("[data-list] [data-place]").click()
    expect(phone.locator("[data-waiting]")).to_have_text("1 to send")

    site.address.house.run("days_pass")
    phone.context.set_offline(False)
    phone.goto("/events/1/gate/")
    expect(phone.locator("[data-waiting]")).to_have_text("")
    expect(phone.locator("[data-came]")).to_have_text("2")
    expect(phone.locator("[data-list] [data-place]")).to_have_count(6)
    expect(phone.locator("[data-list] .pill.good")).to_have_count(1)
    expect(phone.locator("[data-list] .muted")).to_have_text(["did not come"] * 5)
    for name in ("Scan with the camera", "Let in"):
        expect(phone.get_by_role("button", name=name, exact=True)).to_have_count(0)
    phone.locator("[data-list] [data-place]").last.click()
    expect(phone.locator("[data-came]")).to_have_text("2")
    assert not site.complaints


def test_the_gate_tells_the_time_of_the_event_wherever_the_phone_comes_from(site):
    context = site.browser.new_context(
        base_url=site.address, viewport=PHONE, locale="en-GB", timezone_id="America/New_York"
    )
    phone = context.new_page()
    phone.goto("/accounts/login/")
    sign_in(phone, "zhou")
    phone.goto("/events/1/gate/")
    is_ready(phone)
    phone.get_by_label("Look for a name or a plate").fill("guest3")
    phone.clock.set_fixed_time("2027-01-01T01:05:00Z")
    phone.locator("[data-list] [data-place]").click()
    expect(phone.locator("[data-log] li")).to_contain_text("09:05 Welcome Guest3")
    context.close()
