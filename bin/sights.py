"""What `bin/pictures` looks at: every main page, for each demo sign-in that sees it. Addresses are found, not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

LISTED = 'id="task-list"'
# (name of the page, address)
Sights = list[tuple[str, str]]


class Community:
    """Things of the demo community, found through the API and the pages as one of its people sees them."""

    def __init__(self, ask: Callable[[str], Any], read: Callable[[str], str]) -> None:
        self.ask = ask
        self.read = read

    def all(self, path: str) -> list[dict[str, Any]]:
        """Every row of a list of the API."""
        rows: list[dict[str, Any]] = []
        page = self.ask(f"/api/v1{path}")
        while True:
            rows += page["results"]
            if not page["next"]:
                return rows
            page = self.ask("/" + page["next"].split("/", 3)[3])

    def first(self, pattern: str, page: str, after: str = "") -> str:
        """The first address on a page that fits, behind these words of its source."""
        return next(iter(self.every(pattern, page, after)), "")

    def every(self, pattern: str, page: str, after: str = "") -> list[str]:
        source = self.read(page).partition(after)[2] if after else self.read(page)
        return list(dict.fromkeys(re.findall(rf'(?:href|action)="({pattern})["?#]', source)))


def of_visitors(seen: Community) -> Sights:
    reports, release = seen.all("/reports/"), seen.first(r"/releases/\d+/", "/search/?q=4.3.0") or _release(seen)
    closed = seen.first(r"/t/\d+/", release) if release else ""
    told = {row["thread"] for row in reports}
    talk = next((row["id"] for row in seen.all("/threads/") if row["id"] not in told), "")
    worked = next((row["thread"] for row in reports if row["outcome"] == "worked"), "")
    topic = seen.first(r"/topics/\d+/", "/topics/")
    return _present(
        ("front", "/"),
        ("front-newest", "/?tab=latest"),
        ("boards", "/boards/"),
        ("board", seen.first(r"/boards/[\w-]+/", "/boards/")),
        ("report-closed-loop", closed),
        ("report-success", f"/t/{worked}/" if worked else ""),
        ("talk", f"/t/{talk}/" if talk else ""),
        ("topics", "/topics/"),
        ("topic", topic),
        ("topic-history", f"{topic}history/"),
        ("release", release),
        ("river", "/river/"),
        ("task-open", seen.first(r"/tasks/\d+/", "/")),
        ("profile", "/u/koc/"),
        *_what_was_held(seen),
        ("search", "/search/"),
        ("search-found", "/search/?q=自动泊车"),
        ("search-nothing", "/search/?q=火星车位"),
        ("sign-in", "/accounts/login/"),
        ("sign-up", "/accounts/signup/"),
        ("sign-in-code", "/accounts/login/code/"),
        ("agreement", "/accounts/agreement/terms/"),
        ("not-found", "/t/999999/"),
    )


def _what_was_held(seen: Community) -> Sights:
    """A day of owners that is over, and what came of it."""
    held = next((row for row in seen.all("/events/") if row["state"] == "held"), None)
    if held is None:
        return [("events", "/events/")]
    day, project = f"/events/{held['id']}/", f"/initiatives/{held['initiative']}/"
    return [
        ("events", "/events/"),
        ("event-held", day),
        ("event-memories", f"{day}memories/"),
        ("initiative", project),
        ("initiative-report", f"{project}report/"),
        ("initiative-money", f"{project}money/"),
    ]


def _release(seen: Community) -> str:
    """The release that most owners verified."""
    rows = [row for row in seen.all("/releases/") if row["state"] == "public"]
    return rows[-1]["url"] if rows else ""


def of_owners(seen: Community) -> Sights:
    """Of `owner`, `koc` and `host` alike: what their own pages hold decides what is there to be seen."""
    mine = seen.first(r"/t/\d+/", "/me/")
    others = [row for row in seen.all("/reports/") if f"/t/{row['thread']}/" != mine]
    open_one = next((row for row in others if row["outcome"] == "failed"), None)
    offers = seen.all("/offers/")
    car = seen.first(r"/me/garage/\d+/", "/me/garage/")
    hosted = seen.first(r"/topics/\d+/", "/me/")
    release = _release(seen)
    verify = seen.first(r"/reports/\d+/verify/", release) if release else ""
    return _present(
        ("front", "/"),
        ("capture", "/reports/new/"),
        ("corroborate", f"/reports/{open_one['id']}/corroborate/?stance=same" if open_one else ""),
        ("own-report", mine),
        ("improve", seen.first(r"/reports/\d+/improve/", mine) if mine else ""),
        ("verify", verify),
        ("offer", f"/offers/{offers[0]['id']}/" if offers else ""),
        ("new-thread", f"{seen.first(r'/boards/[a-z0-9-]+/', '/boards/')}new/"),
        ("me", "/me/"),
        ("garage", "/me/garage/"),
        ("garage-add", "/me/garage/new/"),
        ("garage-version", f"{car}version/" if car else ""),
        ("inbox", "/me/notifications/"),
        ("inbox-choices", "/me/notifications/settings/"),
        ("tasks", "/tasks/"),
        ("tasks-done", "/tasks/?tab=done"),
        ("task-reported", seen.first(r"/tasks/\d+/", "/tasks/?tab=done")),
        ("settings", "/me/settings/"),
        ("data", "/me/data/"),
        ("close", "/me/close/"),
        ("questions", "/me/questions/"),
        ("invitation", seen.first(r"/me/invitations/\d+/", "/topics/")),
        ("topic-hosted", hosted),
        ("topic-tray", f"{hosted}tray/" if hosted else ""),
        ("topic-link", f"{hosted}link/" if hosted else ""),
        ("topic-claim", f"{hosted}claim/" if hosted else ""),
        ("topic-summary", f"{hosted}summary/" if hosted else ""),
    )


def of_desk(seen: Community) -> Sights:
    """What everybody of the brand sees."""
    ticket = _ticket(seen)
    return _present(
        ("desk", "/desk/"),
        ("desk-tickets", "/desk/tickets/"),
        ("desk-ticket", ticket),
        ("desk-releases", "/desk/releases/"),
        ("desk-release", seen.first(r"/desk/releases/\d+/", "/desk/releases/")),
        ("desk-people", "/desk/people/"),
        ("desk-tasks", "/desk/tasks/"),
        ("desk-task", seen.first(r"/desk/tasks/\d+/", "/desk/tasks/?state=reported", LISTED)),
        ("desk-advisor-record", "/desk/tasks/advisor/record/"),
        ("desk-person", seen.first(r"/desk/people/[^/]+/", "/desk/people/")),
    )


def of_leaders(seen: Community) -> Sights:
    """Who leads an initiative, with its money."""
    money = next(
        (f"/initiatives/{row['id']}/money/" for row in seen.all("/initiatives/") if row["state"] == "endorsed"), ""
    )
    return _present(("money", money), ("expense", seen.first(rf"{money}\d+/", money) if money else ""))


def of_money(seen: Community) -> Sights:
    """Approvers and finance: whose turn it is."""
    return _present(
        ("desk-money", "/desk/money/"),
        ("desk-envelope", seen.first(r"/desk/initiatives/\d+/money/", "/desk/money/")),
        ("desk-expense", seen.first(r"/desk/initiatives/\d+/money/\d+/", "/desk/money/")),
    )


def _ticket(seen: Community) -> str:
    """The one that went furthest."""
    order = {"verified": 0, "beta": 1}
    tickets = sorted(seen.all("/tickets/"), key=lambda row: (order.get(row["state"], 2), row["id"]))
    return f"/desk/tickets/{tickets[0]['id']}/" if tickets else ""


def of_researchers(seen: Community) -> Sights:
    ticket, ripe = _ticket(seen), seen.first(r"/topics/\d+/|/t/\d+/", "/desk/")
    moving = next((row for row in seen.all("/tickets/") if row["moves"]), None)
    task = seen.first(r"/desk/tasks/\d+/", "/desk/tasks/?state=reported", LISTED)
    open_task = seen.first(r"/desk/tasks/\d+/", "/desk/tasks/?state=open", LISTED)
    kind, number = ("topic" if "topics" in ripe else "thread"), ripe.strip("/").rpartition("/")[2]
    return _present(
        ("desk-evidence", f"{ticket}evidence/1/" if ticket else ""),
        ("desk-distilled", f"{ticket}report/" if ticket else ""),
        ("desk-move", f"/desk/tickets/{moving['id']}/move/{moving['moves'][0]}/" if moving else ""),
        ("desk-promote", f"/desk/promote/?{kind}={number}" if ripe else "/desk/promote/"),
        ("desk-release-new", "/desk/releases/new/"),
        ("desk-advisor", "/desk/tasks/advisor/"),
        ("desk-advice", seen.first(r"/desk/tasks/advisor/\d+/", task)),
        ("desk-poll-new", "/desk/tasks/polls/new/"),
        ("desk-task-move", seen.first(r"/desk/tasks/\d+/move/\w+/", open_task)),
    )


def of_moderators(seen: Community) -> Sights:
    return [
        ("admin", "/admin/"),
        ("admin-flags", "/admin/forum/flag/"),
        ("admin-posts", "/admin/forum/post/"),
        ("admin-post", seen.first(r"/admin/forum/post/\d+/change/", "/admin/forum/post/")),
        ("admin-dimensions", "/admin/forum/dimension/"),
    ]


def _present(*sights: tuple[str, str]) -> Sights:
    """Those that were found."""
    return [(name, address) for name, address in sights if address]


PEOPLE: dict[str, Iterable[Callable[[Community], Sights]]] = {
    "visitor": [of_visitors],
    "owner": [of_owners],
    "koc": [of_owners, of_leaders],
    "host": [of_owners],
    "operator": [of_moderators, of_desk],
    "researcher": [of_desk, of_researchers],
    "engineer": [of_desk],
    "approver": [of_desk, of_money],
    "finance": [of_desk, of_money],
    "admin": [of_desk],
}
# A page that looks alike for several people is taken for the first of them; these differ for each.
FOR_EACH = {"front", "me", "inbox", "tasks", "desk", "desk-ticket", "desk-expense", "topic-hosted"}
