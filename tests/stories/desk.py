"""What a researcher does at the desk for any task, with clicks."""

from __future__ import annotations

import re
from typing import Any

SIX = {"goal": "distribution", "options_known": "yes", "reason": "number", "confidential": "no", "starter": "brand"}


def ask_the_advisor(desk: Any, decision: str) -> None:
    """Six answers that lead to structured questions."""
    desk.goto("/desk/tasks/")
    desk.get_by_role("link", name="Ask owners something").click()
    for name, value in SIX.items():
        desk.locator(f"label.chip:has(input[name={name}][value={value}])").click()
    desk.locator("[name=days]").fill("20")
    desk.locator("[name=decision]").fill(decision)
    desk.get_by_role("button", name="Ask the advisor").click()


def open_it(desk: Any) -> str:
    """From the page of a draft. The address of the task for owners."""
    desk.get_by_role("link", name="Open it now").click()
    desk.get_by_role("button", name="Open it now").click()
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))
    return re.search(r"/tasks/\d+/$", desk.url).group()


def end_it(desk: Any) -> None:
    """Ended, and the results read."""
    for link, button in (("End it now", "End it now"), ("The results are read", "Analysed")):
        desk.get_by_role("link", name=link).click()
        desk.get_by_role("button", name=button).click()
        desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))
