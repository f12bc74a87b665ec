"""From a receipt photographed at the counter to the settlement that everybody reads: with clicks, by four people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import LAPTOP, PHONE, chromium, served
from tests.stories.windows import Site, expect
from tests.uploads.made import drawn, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "money") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_a_receipt_goes_from_the_counter_to_the_settlement(site):
    leader = site.signed_in("zhou", PHONE)
    to_the_money(leader)
    hand_in(leader, "600")
    expect(leader.locator(".field.wrong")).to_contain_text("Only ¥500.00 is left")
    leader.locator("[name=amount]").fill("120.50")  # the photo is there already
    leader.locator("[name=amount]").press("Enter")  # hands in; the first button that is seen only looks into the PDF
    expect(leader.locator(".purse-row")).to_contain_text("¥120.50")
    expect(leader.locator(".purse-row")).to_contain_text("Waits for approval")

    approver, finance = site.signed_in("approver", LAPTOP), site.signed_in("finance", LAPTOP)
    from_the_queue(approver)
    approver.get_by_role("button", name="Approve ¥120.50").click()
    expect(approver.locator("main")).to_contain_text("Approved, waits for payment")
    expect(approver.get_by_role("button", name="I have paid ¥120.50")).to_have_count(0)
    from_the_queue(finance)
    finance.get_by_label("Reference of the payment").fill("CMB-7")
    finance.get_by_role("button", name="I have paid ¥120.50").click()
    expect(finance.locator("main")).to_contain_text("CMB-7")

    leader.reload()
    expect(leader.locator(".purse-large")).to_contain_text("¥379.50")
    tell(leader)
    finance.goto("/desk/money/")
    finance.locator(".task-row a").click()
    finance.get_by_role("button", name="Settle it").click()
    expect(finance.locator(".purse-key")).to_contain_text("¥379.50")

    reader = site.window(PHONE)
    reader.goto(re.sub(r"^https?://[^/]+", "", leader.url))
    expect(reader.locator("main")).to_contain_text("¥120.50")
    expect(reader.locator("main")).to_contain_text("水都喝完了。")
    expect(reader.locator("main")).not_to_contain_text("黄山水站")
    assert not site.complaints


def to_the_money(page: Any) -> None:
    page.goto("/initiatives/")
    page.locator(".task-row a").first.click()
    page.get_by_role("link", name="To the money").click()
    expect(page.locator(".purse-large")).to_contain_text("¥500.00")


def hand_in(page: Any, amount: str) -> None:
    picture = {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photo(drawn())}
    page.locator(".purse-new [name=new_uploads]").set_input_files(picture)
    page.locator("[name=amount]").fill(amount)
    page.locator("[name=what]").fill("矿泉水")
    page.locator("[name=payee]").fill("黄山水站")
    page.get_by_role("button", name="Hand it in").click()


def from_the_queue(page: Any) -> None:
    page.goto("/desk/money/")
    page.get_by_role("link", name="矿泉水").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("矿泉水")


def tell(page: Any) -> None:
    page.locator("summary", has_text="Everything is handed in").click()
    page.locator("[name=words]").fill("水都喝完了。")
    picture = {"name": "end.jpg", "mimeType": "image/jpeg", "buffer": photo(drawn((400, 300)))}
    page.locator("form[action$='/account/'] [name=new_uploads]").set_input_files(picture)
    page.get_by_role("button", name="Tell it").click()
    expect(page.locator("main")).to_contain_text("水都喝完了。")
