"""static/js/live.js in a real browser: events reach the elements, and it comes back after the server went away."""

from __future__ import annotations

import pytest

from tests.browsing import chromium
from tests.house import House, until
from tests.live.test_server import Server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(tmp_path, transactional_db):
    house = House("tests.live.processes", tmp_path)
    house.env["REDIS_URL"] = ""
    yield house
    house.close()


@pytest.fixture
def page(playwright):
    with chromium(playwright) as browser:
        yield browser.new_page()


class Probe:
    """The probe's page, its sockets and what went over them."""

    def __init__(self, page, server: Server) -> None:
        self.page = page
        self.sockets, self.sent, self.received = [], [], []
        page.on("websocket", self._watch)
        page.goto(f"http://{server.address}/probe/")

    def _watch(self, socket) -> None:
        self.sockets.append(socket)
        socket.on("framesent", lambda frame: self.sent.append(frame))
        socket.on("framereceived", lambda frame: self.received.append(frame))

    def until(self, seen, what: str) -> None:
        """Wait while the browser goes on."""
        until(lambda: self.page.wait_for_timeout(20) or seen(), what)

    def told(self) -> list:
        return self.page.evaluate("told")


def test_events_reach_their_elements_and_only_those(page, house):
    server = Server(house)
    probe = Probe(page, server)
    probe.until(lambda: probe.received, "the subscription")
    server.get("/push/?id=7")
    probe.until(probe.told, "the event")
    assert probe.told() == [["page", "probe.page", 7]]


def test_an_event_during_a_fetch_is_told_to_what_the_fetch_brought(page, house):
    server = Server(house)
    probe = Probe(page, server)
    probe.until(lambda: probe.received, "the subscription")
    page.evaluate("document.getElementById('page').classList.add('htmx-request')")
    server.get("/push/?id=7")
    probe.until(lambda: len(probe.received) == 2, "the event")
    page.wait_for_timeout(500)
    assert probe.told() == []
    page.evaluate("""() => {
        const fresh = document.createElement("p");
        fresh.dataset.live = "probe:1";
        fresh.addEventListener("live:probe.page", (event) => told.push(["fresh", event.detail.id]));
        document.getElementById("page").replaceWith(fresh);
    }""")
    probe.until(probe.told, "the event on the new element")
    assert probe.told() == [["fresh", 7]]


def test_an_element_that_is_added_or_removed_changes_the_subscriptions(page, house):
    probe = Probe(page, Server(house))
    probe.until(lambda: probe.received, "the subscription")
    assert probe.sent == ['{"subscribe":["probe:1","probe:2"]}']
    page.evaluate("""() => {
        document.getElementById("other").dataset.live = "probe:3 probe:1";
        document.dispatchEvent(new Event("htmx:afterSettle"));
    }""")
    probe.until(lambda: len(probe.sent) == 3, "the change")
    assert probe.sent[1:] == ['{"unsubscribe":["probe:2"]}', '{"subscribe":["probe:3"]}']


def test_after_the_server_was_away_pages_hear_that_they_missed_something(page, house):
    server = Server(house)
    probe = Probe(page, server)
    probe.until(lambda: probe.received, "the subscription")
    server.process.terminate()
    server.process.wait()
    house.start("serve", server.address.rpartition(":")[2])
    probe.until(lambda: len(probe.told()) == 2, "the news")
    assert sorted(probe.told()) == [["other", "missed", None], ["page", "missed", None]]


def test_a_page_without_live_elements_opens_no_socket(page, house):
    server = Server(house)
    probe = Probe(page, server)
    probe.until(lambda: len(probe.sockets) == 1, "the probe's own socket")
    with page.expect_response("**/live.js"):
        page.goto(f"http://{server.address}/bare/")
    page.wait_for_load_state("networkidle")
    assert len(probe.sockets) == 1
