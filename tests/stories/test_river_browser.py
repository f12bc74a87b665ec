"""The same journey with clicks: owners on phones, staff on a laptop, one open page that sees what others do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import LAPTOP, chromium, served
from tests.stories.acts import photo
from tests.stories.windows import Site, expect, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORY = "小雨夜里，露天停车场。三次都在倒入一半时中止。"
SENTENCE = "官方推送了新版本，我测试后发现，在同样场景下的成功率确实大幅提升。"


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def chip(page: Any, name: str, value: str) -> Any:
    return page.locator(f"label.chip:has(input[name={name}][value='{value}'])")


def test_one_report_travels_the_whole_river_by_clicks(site):
    lin = sign_up(site)
    thread = record(lin)
    he = corroborate(site, lin, thread)
    answer_by_keyboard(site, thread)
    unsent_text_survives(site, he, thread)
    gather(lin, thread)
    researcher = promote(site)
    offer = beta(researcher, lin)
    publish(site, researcher, lin, he, thread, offer)
    assert not site.complaints


def sign_up(site: Site) -> Any:
    """1: by mobile number; the code lies on the page that stands for the SMS service."""
    page = site.window()
    page.goto("/")
    page.get_by_role("link", name="Record", exact=True).last.click()
    page.get_by_role("link", name="Sign up").click()
    page.locator("[name=phone]").fill("139 1234 5678")
    page.get_by_label("User name").fill("lin")
    page.locator("[name=terms]").check()
    page.locator("[name=privacy]").check()
    page.get_by_role("button", name="Send the code").click()
    codes = site.window()
    codes.goto("/accounts/codes/")
    code = re.search(r"\b\d{6}\b", codes.locator("main").inner_text()).group()
    codes.context.close()
    page.locator("[name=code]").fill(code)  # the sixth digit sends it
    page.wait_for_url("**/reports/new/")  # where it began
    page.get_by_role("link", name="Add my car").click()
    page.locator("label:has(input[name=model][value=S7])").click()
    page.get_by_label("Model year").fill("2025")
    page.get_by_label("Software version").fill("4.2.1")
    page.get_by_label("Installed on").fill("2026-01-01")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/reports/new/")
    return page


def record(page: Any) -> str:
    """3: chips first, words last; what was typed is still there after a reload."""
    chip(page, "function", "auto-parking").click()
    chip(page, "failure_mode", "gives-up").click()
    for _attempt in range(3):
        page.get_by_role("button", name=re.compile(r"Failed \+1")).click()
    chip(page, "cond_weather", "light-rain").click()
    chip(page, "cond_light", "night-lit").click()
    chip(page, "cond_markings", "reflecting").click()
    page.locator("[name=narrative]").fill(STORY)
    page.wait_for_timeout(1200)  # the draft is kept a moment after the last key
    page.reload()
    expect(page.locator("[name=narrative]")).to_have_value(STORY)
    expect(page.locator("[name=failures]")).to_have_value("3")
    picture = photo()
    page.locator("[name=new_uploads]").set_input_files(
        {"name": picture.name, "mimeType": "image/jpeg", "buffer": picture.read()}
    )
    page.get_by_role("button", name="Post it").click()
    page.wait_for_url(re.compile(r"/t/\d+/"))
    expect(page.get_by_text(STORY)).to_be_visible()
    expect(page.locator("main ul.media img")).to_have_count(1)
    expect(page.locator("ol.river li[aria-current=step]")).to_contain_text("Recorded")
    return re.search(r"/t/\d+/", page.url).group()


def corroborate(site: Site, lin: Any, thread: str) -> Any:
    """4, 9: two taps; the teller's open page sees it without a reload, and the number at the bell rises."""
    bell = lin.locator("[data-live^='member:']").first
    expect(bell).not_to_contain_text("1")
    lin.evaluate("window.neverReloaded = true")
    he = site.signed_in("he")
    he.goto(thread)
    he.get_by_role("link", name=re.compile("The same here")).click()
    he.get_by_role("button", name="Post it").click()
    he.wait_for_url(re.compile(rf"{thread}.*#p2"))
    expect(lin.locator("#p2")).to_be_visible()
    expect(bell).to_contain_text("1")
    he.locator("#reply textarea").fill("补充：擦干摄像头之后好一点。")
    he.locator("#reply").get_by_role("button", name="Post it").click()
    expect(lin.locator("#p3")).to_contain_text("擦干摄像头")
    assert lin.evaluate("window.neverReloaded")
    expect(he.locator("ol.river li[aria-current=step]")).to_contain_text("Corroborated")
    return he


def answer_by_keyboard(site: Site, thread: str) -> None:
    """4: two presses of Enter, found by the Tab key alone."""
    su = site.signed_in("su")
    su.goto(thread)
    tab_to(su, "Different here")
    su.keyboard.press("Enter")
    su.wait_for_url("**/corroborate/**")
    tab_to(su, "Post it")
    su.keyboard.press("Enter")
    su.wait_for_url(re.compile(rf"{thread}.*#p\d"))
    expect(su.get_by_role("link", name=re.compile("Different here"))).to_contain_text("1")
    su.context.close()


def tab_to(page: Any, name: str) -> None:
    """Press Tab until the focus, which can be seen, is on something with this name."""
    for _press in range(150):
        page.keyboard.press("Tab")
        said, outline = page.evaluate(
            "[document.activeElement.innerText || '', getComputedStyle(document.activeElement).outlineStyle]"
        )
        if name in said:
            assert outline != "none", f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"{name} is not reached by Tab")


def unsent_text_survives(site: Site, he: Any, thread: str) -> None:
    """12: over a sign-in that was lost between writing and sending."""
    he.goto(thread)
    he.locator("#reply textarea").fill("写了很长一段，登录却过期了。")
    he.context.clear_cookies()
    he.locator("#reply").get_by_role("button", name="Post it").click()
    if "/login/" not in he.url:  # the form's token went with the sign-in: the page says so and leads on
        he.get_by_role("link", name=re.compile("Sign in|Back")).first.click()
    if "/login/" not in he.url:
        he.goto(f"/accounts/login/?next={thread}")
    sign_in(he, "he")
    he.goto(thread)
    expect(he.locator("#reply textarea")).to_have_value("写了很长一段，登录却过期了。")
    he.locator("#reply textarea").fill("")


def gather(lin: Any, thread: str) -> None:
    """5: from the bell to the topic."""
    lin.locator("header a[href='/me/notifications/']").first.click()
    lin.get_by_role("link", name=re.compile("Would you host")).click()
    lin.get_by_label("Title").fill("雨夜自动泊车中途放弃")
    lin.get_by_label("The claim").fill("雨夜、地面反光时，自动泊车常在倒入一半时放弃。")
    lin.get_by_role("button", name="I host it").click()
    lin.wait_for_url(re.compile(r"/topics/\d+/"))
    expect(lin.get_by_role("heading", name="雨夜自动泊车中途放弃")).to_be_visible()
    lin.goto(thread)
    expect(lin.locator("ol.river li[aria-current=step]")).to_contain_text("Gathered")


MOVES = {
    "promoted": {},
    "routed": {"department": "software"},
    "acknowledged": {},
    "fix_planned": {"acceptance_target": "五次里成四次"},
    "fix_ready": {"fix_version": "4.3.0"},
    "cleared": {"compliance_ref": "QC-17"},
}


def promote(site: Site) -> Any:
    """6: from the desk to a ticket, and along its table."""
    page = site.signed_in("researcher", LAPTOP)
    page.locator("header nav").get_by_role("link", name="Desk").click()
    page.get_by_role("link", name="Make a ticket").first.click()
    page.get_by_role("button", name="Freeze and make the ticket").click()
    page.wait_for_url(re.compile(r"/desk/tickets/\d+/$"))
    expect(page.locator("#report")).to_contain_text("Findings")
    ticket = page.url
    page.locator("main a[href$='/move/triaged/']").click()
    if not page.locator("[name=severity]:checked").count():
        page.locator("[name=severity]").first.check(force=True)
    page.locator("main form button.main").click()
    page.wait_for_url(ticket)
    page.get_by_role("link", name="Write the next version").click()
    page.get_by_label("What speaks against it").fill("一位车主在别的条件下没有遇到。")
    page.get_by_label("Recommendation").fill("建议优化低照度下的视觉融合策略。")
    page.locator("main form button.main").last.click()
    page.wait_for_url(ticket)
    for to, needs in MOVES.items():
        page.locator(f"main a[href$='/move/{to}/']").click()
        for field, value in needs.items():
            box = page.locator(f"[name={field}]")
            box.select_option(value) if box.evaluate("box => box.tagName") == "SELECT" else box.fill(value)
        page.locator("main form button.main").click()
        page.wait_for_url(ticket)
    return page


def beta(page: Any, lin: Any) -> str:
    """7: the first teller tries it first and writes under seal."""
    page.goto("/desk/releases/new/")
    page.get_by_label("Version", exact=True).fill("4.3.0")
    page.locator("label:has(input[name=vehicle_models])").first.click()
    page.get_by_label("Announcement in English").fill("4.3.0 improves parking on rainy nights.")
    page.locator("main form button.main").last.click()
    page.wait_for_url(re.compile(r"/desk/releases/\d+/"))
    page.get_by_label("Another ticket").select_option(index=1)
    page.get_by_role("button", name="Put it under this release").click()
    page.get_by_role("button", name="Start the beta").click()
    expect(page.locator("main")).to_contain_text("First teller")

    expect(lin.locator("[data-live^='member:']").first).to_contain_text(re.compile(r"\d"))
    lin.goto("/me/notifications/")
    lin.get_by_role("link", name=re.compile("You told it first")).click()
    offer = lin.url
    lin.locator("[name=consent]").check()
    lin.get_by_role("button", name="Yes, I take the beta").click()
    for _attempt in range(5):
        lin.get_by_role("button", name=re.compile(r"Worked \+1")).click()
    lin.locator("[name=words]").fill(SENTENCE)
    lin.get_by_role("button", name="Seal it").click()
    expect(lin.get_by_role("button", name="Seal it anew")).to_be_visible()
    return offer


def publish(site: Site, researcher: Any, lin: Any, he: Any, thread: str, offer: str) -> None:
    """7, 8: public; one tap; everybody reads it where it began."""
    visitor = site.window()
    visitor.goto(thread)
    expect(visitor.get_by_text("成功率确实")).to_have_count(0)
    researcher.get_by_role("button", name="Make it public").click()
    researcher.wait_for_url(re.compile(r"/releases/\d+/$"))
    lin.goto(offer)
    lin.get_by_role("button", name="Release my words into the thread").click()
    lin.wait_for_url(re.compile(rf"{thread}.*#p\d"))
    expect(visitor.get_by_text(SENTENCE)).to_be_visible()  # live
    visitor.reload()
    expect(visitor.locator("ol.river li.done")).to_have_count(6)
    expect(visitor.locator("ol.river")).to_contain_text("Confirmed by the first teller")
    expect(visitor.locator("ol.river")).to_contain_text("1 of 1")

    he.goto(researcher.url)
    he.get_by_role("link", name="How is it in my car?").first.click()
    for _attempt in range(2):
        he.get_by_role("button", name=re.compile(r"Worked \+1")).click()
    he.locator("main form button.main").last.click()
    he.wait_for_url(re.compile(rf"{thread}.*#p\d"))
    expect(he.locator("ol.river")).to_contain_text("2 of 2")
    visitor.goto("/river/")
    expect(visitor.locator("main")).to_contain_text("Verified")
