"""axe finds nothing serious on the main pages, nothing scrolls sideways, and no page breaks its own policy."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import product

import pytest

pytestmark = pytest.mark.browser

FIVE = ["/", "/t/{report}/", "/topics/{topic}/", "/boards/{board}/", "/releases/{release}/"]
PAGES = {
    "visitor": [
        "/boards/",
        "/topics/",
        "/t/{talk}/",
        "/river/",
        "/u/koc/",
        "/search/",
        "/search/?q=自动泊车",
        "/search/?q=火星车位",
        "/events/",
        "/events/{event}/",
        "/events/{event}/memories/",
        "/events/{held}/",
        "/events/{held}/memories/",
        "/initiatives/{done}/",
        "/initiatives/{done}/report/",
        "/initiatives/{done}/money/",
        "/endorsements/{code}/",
        "/endorsements/verify/",
        "/initiatives/{initiative}/decisions/",
        "/clubs/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/agreement/terms/",
        "/t/999999/",
    ],
    "owner": [
        "/",
        "/t/{report}/",
        "/reports/new/",
        "/reports/{report_id}/corroborate/",
        "/reports/{report_id}/verify/",
        "/boards/{board}/new/",
        "/me/",
        "/me/garage/",
        "/me/garage/new/",
        "/me/notifications/",
        "/me/notifications/settings/",
        "/me/settings/",
        "/me/data/",
        "/me/close/",
        "/me/questions/",
        "/tasks/",
        "/tasks/?tab=done",
        "/tasks/{task}/",
        "/tasks/{asked}/",
        "/tasks/{survey}/",
        "/tasks/{survey}/survey/",
        "/tasks/{survey}/survey/?page=2",
    ],
    "koc": [
        "/topics/new/",
        "/clubs/new/",
        "/initiatives/",
        "/initiatives/new/?from={initiative}",
        "/initiatives/{initiative}/",
        "/initiatives/{initiative}/report/",
        "/initiatives/{initiative}/milestones/",
        "/initiatives/{initiative}/decisions/?side=crew",
        "/initiatives/trust/",
        "/events/{event}/",
        "/events/{event}/edit/",
        "/events/{event}/pictures/",
        "/events/{event}/gate/",
        "/events/{event}/gate/list/",
        "/events/{held}/",
        "/initiatives/{done}/report/",
        "/initiatives/{done}/money/",
        "/events/{event}/incidents/",
        "/topics/{topic}/",
        "/tasks/{call}/",
        "/tasks/{call}/entries/",
        "/tasks/{call}/map/?list=1",
        "/tasks/{told}/map/",
        "/stories/",
        "/tasks/{call}/entries/{entry}/",
        "/tasks/{call}/write/",
        "/tasks/{sealed}/",
        "/tasks/{sealed}/entries/{written}/write/",
        "/tasks/{sealed}/entries/{written}/saves/",
        "/tasks/{meeting}/",
        "/tasks/{met}/",
        "/tasks/workshops/{met}/room/",
        "/tasks/workshops/{met}/replay/?at=24",
        "/tasks/{door}/",
        "/tasks/workshops/{door}/here/",
        "/events/{event}/",
        "/initiatives/{initiative}/money/",
        "/initiatives/{initiative}/money/{expense}/",
    ],
    "finance": [
        "/desk/money/",
        "/desk/initiatives/{initiative}/money/",
        "/desk/initiatives/{initiative}/money/{expense}/",
        "/desk/initiatives/{done}/money/",
        "/desk/initiatives/{done}/support/",
    ],
    "approver": [
        "/desk/trust/{leader}/",
        "/desk/initiatives/{initiative}/",
    ],
    "researcher": [
        "/desk/",
        "/desk/tickets/",
        "/desk/tickets/{ticket}/",
        "/desk/tickets/{ticket}/evidence/1/",
        "/desk/tickets/{ticket}/report/",
        "/desk/promote/?topic={topic}",
        "/desk/releases/",
        "/desk/releases/{release}/",
        "/desk/releases/new/",
        "/desk/people/",
        "/desk/people/koc/",
        "/desk/tasks/",
        "/desk/tasks/{task}/",
        "/desk/tasks/{asked}/",
        "/desk/tasks/{asked}/move/cancelled/",
        "/desk/tasks/advisor/",
        "/desk/tasks/advisor/record/",
        "/desk/tasks/polls/new/?parent={task}",
        "/desk/tasks/surveys/new/",
        "/desk/tasks/surveys/new/?parent={survey}",
        "/desk/tasks/{drafted}/survey/",
        "/desk/tasks/{drafted}/try/",
        "/desk/tasks/{survey}/words/",
        "/desk/tasks/{survey}/results/",
        "/desk/tasks/{survey}/results/?by=version&weighted=1",
        "/desk/tasks/surveys/bank/",
        "/desk/tasks/calls/new/",
        "/desk/tasks/{call}/",
        "/desk/tasks/{told}/coding/",
        "/desk/tasks/{told}/coding/{told_entry}/",
        "/desk/tasks/{told}/coding/quotes/",
        "/desk/tasks/{told}/coding/round/",
        "/desk/tasks/workshops/new/",
        "/desk/tasks/{meeting}/",
        "/tasks/workshops/{meeting}/room/",
        "/desk/initiatives/",
        "/desk/initiatives/{initiative}/",
        "/desk/tasks/{door}/",
        "/desk/tasks/{door}/invitees/",
        "/tasks/workshops/{door}/door/",
        "/tasks/workshops/{door}/door/code/",
    ],
}


@pytest.fixture(scope="package")
def things(demo, browser, states):
    """Numbers of things of the demo, by name."""
    context = browser.new_context(base_url=demo, storage_state=states("researcher"))

    def rows(path: str) -> list[dict]:
        return context.request.get(f"/api/v1{path}").json()["results"]

    releases = [row for row in rows("/releases/") if row["state"] == "public"]
    release = re.search(r"\d+", releases[-1]["url"]).group()
    page = context.request.get(f"/releases/{release}/").text()
    report = re.search(r"/t/(\d+)/", page.split("<aside>")[-1]).group(1)
    told = {row["thread"]: row["id"] for row in rows("/reports/")}
    ticket = next(row["id"] for row in rows("/tickets/") if row["state"] == "verified")

    def task_in(state: str) -> str:
        listed = context.request.get(f"/desk/tasks/?state={state}").text().split('id="task-list"')[-1]
        return re.search(r"/desk/tasks/(\d+)/", listed).group(1)

    def task_called(title: str, state: str) -> str:
        listed = context.request.get(f"/desk/tasks/?state={state}").text().split('id="task-list"')[-1]
        return re.findall(r"/desk/tasks/(\d+)/", listed[: listed.index(title)])[-1]

    calls = {row["title"]: row["id"] for row in rows("/calls/")}
    call, sealed, told_call = (
        next(pk for title, pk in calls.items() if title.startswith(words))
        for words in ("你最难忘的", "你是哪一刻", "如果后备箱")
    )
    writer = browser.new_context(base_url=demo, storage_state=states("koc"))
    token = next(row["value"] for row in writer.cookies() if row["name"] == "csrftoken")
    written = writer.request.post(
        f"/api/v1/calls/{sealed}/entries/",
        data={"body": "先写一句", "draft": True},
        headers={"X-CSRFToken": token, "Referer": f"{demo}/"},
    ).json()["id"]
    initiative = next(row["id"] for row in rows("/initiatives/") if row["state"] == "endorsed")
    receipts = writer.request.get(f"/api/v1/initiatives/{initiative}/expenses/").json()["results"]
    held = next(row for row in rows("/events/") if row["state"] == "held")
    [gathering] = [row for row in rows("/events/?coming=1") if row["endorsement"]][:1]
    incident = {
        "kind": "weather",
        "happened_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "what": "起雾，全队停下",
        "people": 2,
    }
    address, sender = f"/api/v1/events/{gathering['id']}/incidents/", {"X-CSRFToken": token, "Referer": f"{demo}/"}
    number = writer.request.post(address, data=incident, headers=sender).json()["id"]
    writer.request.post(f"{address}{number}/additions/", data={"words": "雾散了。"}, headers=sender)
    writer.close()
    approver = browser.new_context(base_url=demo, storage_state=states("approver"))
    leader = re.search(r"/desk/trust/(\d+)/", approver.request.get(f"/desk/initiatives/{initiative}/").text()).group(1)
    approver.close()

    meetings = {row["title"]: row["id"] for row in rows("/workshops/")}
    meeting, met, door = (
        next(pk for title, pk in meetings.items() if title.startswith(words))
        for words in ("和泊车", "冬天的", "到厂里")
    )
    token = next(row["value"] for row in context.cookies() if row["name"] == "csrftoken")
    sent = {"headers": {"X-CSRFToken": token, "Referer": f"{demo}/"}}
    context.request.post(f"/api/v1/workshops/{meeting}/open/", **sent)
    for number, (kind, payload) in enumerate(
        [
            ("note.add", {"text": "先响一声"}),
            ("phase.move", {"to": "cluster", "minutes": 9}),
            ("group.add", {"name": "声音", "notes": [2]}),
        ]
    ):
        command = {"op_id": f"0b5c1e6e-0000-4000-8000-00000000000{number}", "kind": kind, "payload": payload}
        assert context.request.post(f"/api/v1/workshops/{meeting}/events/", data=command, **sent).ok

    found = {
        "event": gathering["id"],
        "held": held["id"],
        "done": held["initiative"],
        "code": gathering["endorsement"],
        "initiative": initiative,
        "leader": leader,
        "expense": next(row["id"] for row in receipts if row["state"] == "approved"),
        "meeting": meeting,
        "met": met,
        "door": door,
        "call": call,
        "sealed": sealed,
        "told": told_call,
        "entry": rows(f"/calls/{call}/entries/")[0]["id"],
        "told_entry": rows(f"/calls/{told_call}/entries/")[0]["id"],
        "written": written,
        "report": report,
        "report_id": re.search(r"/reports/(\d+)/", context.request.get(f"/t/{report}/").text()).group(1),
        "talk": next(row["id"] for row in rows("/threads/") if row["id"] not in told and str(row["id"]) != report),
        "topic": rows("/topics/")[0]["id"],
        "board": rows("/boards/")[-1]["slug"],  # the first is the brand's own, where owners only answer
        "release": release,
        "ticket": ticket,
        "task": task_called("明年的 S7", "reported"),
        "asked": task_in("open"),
        "survey": task_called("雨天停车，升级之后踏实了吗", "open"),
        "drafted": task_called("匿名问问", "draft"),
    }
    context.close()
    return found


def found_by_axe(page) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    violations = axe.Axe().run(page).response["violations"]
    return [
        f"{each['impact']} {each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in violations
        if each["impact"] in {"serious", "critical"}
    ]


def look(window, path: str, width: int) -> list[str]:
    """What is wrong with a page, each in a line. In a tab of its own: what axe tries, the policy refuses a moment later."""
    page = window.context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(f"console: {line.text}") if "Security Policy" in line.text else None)
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    answer = page.goto(path)
    if answer.status >= 400 and "999999" not in path:
        said.append(f"answers {answer.status}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        said.append(f"scrolls sideways at {width}: {wide}")
    if page.evaluate("document.querySelectorAll('h1').length") != 1:
        said.append("has not one h1")
    wrong = [f"{path} {line}" for line in list(said)]
    wrong += [f"{path} {line}" for line in found_by_axe(page)]
    page.close()
    return wrong


@pytest.mark.parametrize(("width", "dark"), product((390, 1440), (False, True)))
def test_the_main_five_are_accessible_in_both_themes_and_sizes(window, things, width, dark):
    page = window(width=width, dark=dark)
    said = [line for path in FIVE for line in look(page, path.format(**things), width)]
    assert not said, "\n".join(said)


@pytest.mark.parametrize("name", PAGES)
def test_what_each_person_sees_is_accessible(window, things, name):
    said = []
    for width, dark in ((390, True), (1440, False)):
        page = window(name, width=width, dark=dark)
        said += [f"{name} {line}" for path in PAGES[name] for line in look(page, path.format(**things), width)]
    assert not said, "\n".join(said)


def test_the_first_tab_leads_past_the_bar_and_every_focus_can_be_seen(window, things):
    page = window("owner")
    page.goto(f"/t/{things['report']}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    unseen = []
    for _press in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
            // a film's own controls show where they are
            return e === document.body || e.tagName === 'VIDEO' || s.outlineStyle !== 'none' || s.boxShadow !== 'none' || r.width === 0 }"""
        )
        if not seen:
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    assert not unseen
