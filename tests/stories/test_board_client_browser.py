"""The board in the hands of people: a line that drops while they write, notes moved by hand and by keyboard, two in one note."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import LAPTOP, PHONE, chromium, served
from tests.pages.test_accessible import found_by_axe
from tests.stories.windows import Site, expect
from tests.uploads.made import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "meeting") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def enters(site: Site, who: str, size: dict[str, int] = PHONE) -> Any:
    page = site.signed_in(who, size)
    goes_in(site, page)
    expect(page.locator("body.room-live")).to_be_attached()
    return page


def goes_in(site: Site, page: Any) -> None:
    """The first one, an owner, finds the room among the own tasks."""
    if not hasattr(site, "room"):
        page.goto("/tasks/")
        page.get_by_role("link", name="把泊车的提示重做一遍").first.click()
        page.get_by_role("link", name="Enter the room").click()
        page.wait_for_url(re.compile(r"/room/$"))
        site.room = page.url
    page.goto(site.room)


def go_to(desk: Any, phase: str) -> None:
    if not desk.get_by_label("Go to").is_visible():
        desk.get_by_text("Lead the room").click()
    desk.get_by_label("Go to").select_option(label=phase)
    desk.get_by_role("button", name="Go", exact=True).click()
    expect(desk.locator(".phases [aria-current]")).to_have_text(phase)


def write(page: Any, words: str) -> None:
    page.locator("#note").fill(words)
    page.get_by_role("button", name="Put it on the board").click()
    expect(page.locator("#note")).to_have_value("")


def state_of(page: Any) -> dict[str, Any]:
    return json.loads(page.request.get(page.url.replace("/tasks/", "/api/v1/").replace("/room/", "/state/")).text())


def texts(page: Any) -> list[str]:
    return sorted(page.locator(".note .words").all_text_contents())


def test_w1_a_phone_that_drops_twice_while_writing_loses_nothing_and_doubles_nothing(site):
    he, su = enters(site, "he"), enters(site, "su", LAPTOP)
    write(he, "第一张")
    expect(he.locator(".note:not(.on-its-way)")).to_have_count(1)
    for number in (2, 3):
        he.context.set_offline(True)
        expect(he.locator("#room-line")).to_be_visible()
        write(he, f"断线时的第{number}张")
        expect(he.locator(".note.on-its-way")).to_have_count(1)
        write(su, f"别人的第{number}张")
        he.context.set_offline(False)
        expect(he.locator(".note.on-its-way")).to_have_count(0)
        expect(he.locator("#room-line")).to_be_hidden()
    # One more that a reload finds in the outbox.
    he.context.set_offline(True)
    write(he, "重开页面之前的")
    he.context.set_offline(False)
    he.reload()
    expect(he.locator(".note", has_text="重开页面之前的")).to_have_count(1)
    expect(he.locator(".note.on-its-way")).to_have_count(0)
    wanted = ["第一张", "断线时的第2张", "断线时的第3张", "重开页面之前的"]
    assert texts(he) == sorted(wanted)
    assert sorted(note["text"] for note in state_of(he)["notes"]) == sorted(wanted)
    expect(he.locator(".hidden-notes")).to_contain_text("2 notes of others")

    go_to(enters(site, "researcher", LAPTOP), "Reveal")
    for page in (he, su):
        expect(page.locator(".note")).to_have_count(6)
        assert texts(page) == sorted(note["text"] for note in state_of(page)["notes"])
    assert not site.complaints


def test_a_note_is_moved_by_hand_by_keyboard_and_undone(site):
    he, su, desk = enters(site, "he", LAPTOP), enters(site, "su"), enters(site, "researcher", LAPTOP)
    for words in ("甲", "乙", "丙"):
        write(he, words)
    go_to(desk, "Group")
    desk.get_by_label("Name of a group").fill("声音")
    desk.get_by_role("button", name="New group").click()
    expect(he.locator(".cluster")).to_be_visible()

    # By hand: into the group, and there before the first one.
    for words in ("甲", "乙"):
        drag(he, he.locator(".note", has_text=words), he.locator(".cluster h2"))
        expect(su.locator(".cluster .note", has_text=words)).to_be_visible()
    expect(su.locator(".cluster .words")).to_have_text(["乙", "甲"])

    # By keyboard: lifted, across into the group, one down, put down; and a lift that is given up.
    grip = he.locator(".note", has_text="丙").get_by_label("Lift this note")
    grip.focus()
    he.keyboard.press("Space")
    expect(he.locator("#room-said")).to_contain_text("in no group, place 1 of 1")
    he.keyboard.press("ArrowLeft")
    he.keyboard.press("ArrowDown")
    expect(he.locator("#room-said")).to_contain_text("in “声音”, place 2 of 3")
    he.keyboard.press("Space")
    expect(su.locator(".cluster .words")).to_have_text(["乙", "丙", "甲"])
    expect(he.locator(".note", has_text="丙").get_by_label("Lift this note")).to_be_focused()
    he.keyboard.press("Space")
    he.keyboard.press("ArrowUp")
    he.keyboard.press("Escape")
    expect(he.locator("#room-said")).to_contain_text("Left where it was.")
    expect(he.locator(".drop-marker")).to_have_count(0)

    # The own last step is taken back, by the key.
    he.keyboard.press("Control+z")
    expect(su.locator(".loose .words")).to_have_text(["丙"])
    expect(su.locator(".cluster .words")).to_have_text(["乙", "甲"])
    assert not site.complaints
    for page in (he, su):  # the policy complains about what axe itself tries, so last
        assert not found_by_axe(page)


def drag(page: Any, note: Any, target: Any) -> None:
    page.locator("#board").evaluate("(board) => board.scrollIntoView()")
    expect(note.locator(".grip")).to_be_visible()  # it comes with the phase, each page at its own moment
    start, end = note.locator(".words").bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 30)
    page.mouse.move(end["x"] + 20, end["y"] + end["height"] / 2, steps=4)
    expect(page.locator(".drop-marker")).to_be_visible()
    page.mouse.up()


def test_w5_w6_two_in_one_note_and_a_note_that_goes_while_somebody_writes_in_it(site):
    he, desk = enters(site, "he"), enters(site, "researcher", LAPTOP)
    write(he, "原来的")
    go_to(desk, "Group")
    mine = desk.locator(".note", has_text="原来的")
    mine.get_by_label("What to do with this note").click()
    mine.locator(".edit textarea").fill("主持人改的")
    expect(he.locator(".writing")).to_contain_text("is writing")

    note = he.locator(".note")
    note.get_by_label("What to do with this note").click()
    note.locator(".edit textarea").fill("我也想改")
    note.get_by_role("button", name="Save").click()
    expect(he.locator(".toast")).to_contain_text("Somebody is writing")
    expect(note.locator(".edit textarea")).to_have_value("我也想改")  # what was written is in the editor still

    mine.get_by_role("button", name="Save").click()
    expect(note.locator(".words")).to_have_text("主持人改的")
    expect(note.locator(".edit textarea")).to_have_value("我也想改")
    expect(he.locator(".writing")).to_be_hidden()

    desk.locator(".note").get_by_label("What to do with this note").click()
    desk.get_by_label("Reason").fill("重复")
    desk.locator(".note").get_by_role("button", name="Take it off the board").click()
    expect(he.locator(".note")).to_have_count(0)
    expect(he.locator(".returned")).to_contain_text("我也想改")
    he.reload()
    he.locator(".returned").get_by_role("button", name="Take it up again").click()
    expect(he.locator("#note")).to_have_value("我也想改")
    expect(he.locator(".returned")).to_have_count(0)
    assert not site.complaints


def test_what_is_written_stays_where_it_is_when_the_page_puts_something_before_it(site):
    he = enters(site, "he")
    came = he.evaluate(
        """async () => {
  const { graft } = await import("/static/js/room/graft.js");
  const made = (html) => Object.assign(document.createElement("div"), { innerHTML: html });
  const edit = '<form class="edit"><textarea id="probe"></textarea></form>';
  const old = made(`<b></b> ${edit} <form class="move"></form> <i></i>`);
  document.body.append(old);
  old.querySelector("textarea").value = "写着的";
  const lost = [];
  for (const html of [`<b></b> <u></u> ${edit} <i></i>`, `<b></b> <form class="move"></form> ${edit} <i></i>`, `<i></i> ${edit} <b></b>`])
    graft(old, made(html), (text) => lost.push(text));
  return [old.querySelector("textarea").value, [...old.children].map((one) => one.className || one.tagName), lost];
}"""
    )
    assert came == ["写着的", ["I", "edit", "B"], []]
    assert not site.complaints


def test_without_a_socket_the_board_still_follows(site):
    he, su = site.signed_in("he"), site.signed_in("su")
    he.route_web_socket(re.compile("/ws/workshops/"), lambda socket: socket.close())
    for page in (su, he):
        goes_in(site, page)
    write(su, "有线路的")
    expect(he.locator("#room-line")).to_contain_text("No live line")
    write(he, "没有线路的")
    expect(he.locator(".note:not(.on-its-way)")).to_have_count(1)
    expect(he.locator(".hidden-notes")).to_contain_text("1 note of others")
    expect(su.locator(".hidden-notes")).to_contain_text("1 note of others")
    assert not site.complaints


def test_whoever_loses_the_seat_is_told_so_and_keeps_the_words(site):
    he = site.signed_in("he")
    he.route_web_socket(
        re.compile("/ws/workshops/"), lambda socket: socket.close(code=4403, reason="You left this room.")
    )
    goes_in(site, he)
    expect(he.locator("#room-line.shut")).to_contain_text("You left this room.")
    assert not site.complaints


def test_a_picture_is_put_up_and_pinned_by_tap_and_by_numbers(site):
    he, su, desk = enters(site, "he"), enters(site, "su", LAPTOP), enters(site, "researcher", LAPTOP)
    he.locator("#note-file").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    write(he, "这里反光")
    expect(he.locator(".note .note-picture img")).to_be_visible()
    expect(su.locator(".hidden-notes")).to_contain_text("1 note of others")
    go_to(desk, "Group")
    expect(su.locator(".note .note-picture")).to_be_visible()

    desk.get_by_text("Put up a picture").click()
    desk.locator("#picture-file").set_input_files({"name": "b.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    desk.get_by_label("What it shows").fill("车位草图")
    desk.get_by_role("button", name="Put it up", exact=True).click()
    picture = he.locator(".picture")
    expect(picture.locator(".about")).to_have_text("车位草图")

    # By tap, a quarter from the left and three from the top; by numbers from the keyboard.
    picture.locator(".pinned").scroll_into_view_if_needed()
    box = picture.locator(".pinned").bounding_box()
    he.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] * 3 / 4)
    picture.get_by_label("What is there").fill("看不清")
    picture.get_by_role("button", name="Put it there").click()
    expect(su.locator(".pins .says")).to_have_text(["看不清"])
    su.get_by_text("Put a pin").click()
    su.get_by_label("From the left, 0 to 100").fill("90")
    su.get_by_label("From the top, 0 to 100").fill("10")
    su.get_by_label("What is there").fill("挡住了")
    su.keyboard.press("Enter")
    expect(he.locator(".pins .says")).to_have_text(["看不清", "挡住了"])
    expect(he.locator(".pinned .pin:not(.next)")).to_have_count(2)
    pins = state_of(he)["pictures"][0]["pins"]
    assert [round(pin["x"]) for pin in pins] == [25, 90] and [round(pin["y"]) for pin in pins] == [75, 10]

    he.locator(".pins").get_by_role("button", name="Take it away").click()
    expect(su.locator(".pins .number")).to_have_text(["2"])
    su.reload()
    expect(su.locator(".pins .number")).to_have_text(["2"])
    assert not site.complaints
    assert not found_by_axe(he)
