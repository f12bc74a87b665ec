"""300 guests, two phones at one gate, no network for all of it, clocks five minutes apart; then both come back. Run by hand, prints, asserts
that everybody is in once and that no scan is lost:

python -m tests.bench.bench_gate [--guests 300] [--slower 6]

Each phone is a Chromium whose processor is slowed down `--slower` times. Every guest is scanned by both phones, as by a
scanner in the hand that types the code. The ceiling beside it: the same page only hashes the ticket and looks it up in a list of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

SCAN = """async (tickets) => {
  const field = document.querySelector("[data-search]");
  const who = document.querySelector("[data-result]");
  const took = [];
  for (const ticket of tickets) {
    const begun = performance.now();
    const seen = new Promise((resolve) => new MutationObserver((_, self) => { self.disconnect(); resolve(); }).observe(who, { childList: true, subtree: true }));
    field.value = ticket;
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    await seen;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    took.push(performance.now() - begun);
  }
  return took;
}"""
BARE = """async (tickets) => {
  const known = new Map(tickets.map((ticket, number) => [ticket, number]));
  const took = [];
  for (const ticket of tickets) {
    const begun = performance.now();
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
    known.get(ticket);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    took.push(performance.now() - begun);
  }
  return took;
}"""


def tell(name: str, took: list[float]) -> None:
    ordered = sorted(took)
    print(
        f"  {name}: {len(took)} scans, half within {statistics.median(took):.0f} ms, 99 of 100 within "
        f"{ordered[int(len(ordered) * 0.99) - 1]:.0f} ms, the slowest {ordered[-1]:.0f} ms"
    )


def phone(browser: Any, address: str, name: str, slower: float, minutes: int) -> Any:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address, locale="en-GB")
    context.add_init_script(
        f"const real = Date.now; Date.now = () => real() + {minutes * 60_000};"
        "const Real = Date; globalThis.Date = class extends Real { constructor(...given) { given.length ? super(...given) : super(Date.now()); } };"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", f"demo-{name}")
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/events/1/gate/")
    page.locator("[data-ready-page][data-kind=good]").wait_for(state="attached")
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    context.set_offline(True)
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guests", type=int, default=300)
    parser.add_argument("--slower", type=float, default=6)
    said = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kocforum-gate-"))
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder / 'house.sqlite3'}",
        "REDIS_URL": "",
        "KOCFORUM_VAR": str(folder),
    }
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from playwright.sync_api import sync_playwright

    from tasks.actions.crews import choose_crew
    from tasks.models import Rsvp, Scan
    from tests.browsing import CHROMIUM, QUIET, served
    from tests.tasks.initiatives import comes, koc, member, opened_event

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # as the site of the stories has it
    call_command("migrate", verbosity=0)
    event = opened_event(capacity=said.guests)
    choose_crew(by=koc(), event=event, username=member("he").username, role="gate")
    for number in range(said.guests):
        comes(event, f"guest{number}")
    tickets = list(Rsvp.objects.filter(event=event).order_by("pk").values_list("ticket", flat=True))
    with served(folder, on_sqlite=True) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        north = phone(browser, address, "zhou", said.slower, 0)
        south = phone(browser, address, "he", said.slower, 5)
        print(f"{said.guests} guests, two phones {said.slower:g} times slower, without a network")
        tell("ceiling ", north.evaluate(BARE, tickets))
        tell("phone A ", north.evaluate(SCAN, tickets))
        tell("phone B ", south.evaluate(SCAN, tickets[::-1]))
        begun = time.perf_counter()
        for page in (north, south):
            page.context.set_offline(False)
        for page in (north, south):
            while page.locator("[data-waiting]").text_content():
                page.wait_for_timeout(50)
        print(f"  both had told everything {time.perf_counter() - begun:.1f} s after the network was back")
        browser.close()
    came = Scan.objects.filter(event=event).values_list("result", flat=True)
    counts = {result: list(came).count(result) for result in sorted(set(came))}
    print(f"  the server kept {counts}")
    apart = Scan.objects.filter(event=event, by__username="he").first()
    print(f"  the clock of phone B was {-(apart.ahead_ms or 0) / 60_000:.1f} minutes ahead, and is known to be")
    assert counts == {"in": said.guests, "again": said.guests}


if __name__ == "__main__":
    main()
