"""The gate of an event that is over, as its pages tell it: who came, who did not, and nobody is let in any more."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tasks.actions.crews import choose_crew
from tasks.models import Event, Rsvp
from tests.tasks.initiatives import comes, koc, member, opened_event
from tests.tasks.test_gate import draft, scanned
from tests.tasks.test_initiative_reports import is_over
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return opened_event(capacity=3)


@pytest.fixture
def places(event) -> list[Rsvp]:
    """Two of three have a place; a party of two and a single one wait for the rest."""
    return [comes(event, "lin", 2), comes(event, "he"), comes(event, "ma", 2), comes(event, "xu", 2)]


def page_of(path: str, who: Any = None) -> str:
    client = client_of(who or koc())
    client.cookies["django_language"] = "zh-hans"
    return client.get(path).content.decode()


def said_of(event: Event) -> dict[str, list[str]]:
    """What stands beside whom on the organisers' list."""
    rows = page_of(event.get_absolute_url()).split("所有车主")[1].split("</section>")[0].split("<li>")[1:]
    words = ("来了", "没来", "没排上", "参加", "候补中")
    return {re.search(r"/u/([^/\"]+)", row)[1]: [word for word in words if f">{word}</span>" in row] for row in rows}


def test_the_organisers_list_says_who_came_once_it_is_over(event, places):
    scanned(event, draft(places[0]), draft(places[2], kind="walk_in"))
    assert said_of(event) == {"lin": ["参加"], "he": ["参加"], "ma": ["候补中"], "xu": ["候补中"]}
    is_over(event)
    assert said_of(event) == {"lin": ["来了"], "he": ["没来"], "ma": ["来了"], "xu": ["没排上"]}


def test_where_nobody_kept_a_gate_the_list_claims_nothing(event, places):
    is_over(event)
    assert said_of(event) == {"lin": ["参加"], "he": ["参加"], "ma": ["候补中"], "xu": ["候补中"]}


def test_who_gave_the_place_up_and_came_all_the_same_stands_on_the_list(event, places):
    Rsvp.objects.filter(pk=places[1].pk).update(state="cancelled")
    scanned(event, draft(places[1], kind="walk_in"))
    is_over(event)
    assert said_of(event)["he"] == ["来了"]


def test_the_list_of_who_came_costs_the_same_for_one_and_for_many():
    costs = []
    for guests in (1, 8):
        event = opened_event(capacity=20)
        for place in [comes(event, f"g{number}") for number in range(guests)]:
            scanned(event, draft(place))
        is_over(event)
        costs.append(cost(client_of(koc()), event.get_absolute_url()))
    assert costs == [16, 16]


def test_after_it_is_over_the_page_offers_no_letting_in_and_has_the_true_counts(event, places):
    scanned(event, draft(places[0]))
    path = f"/events/{event.pk}/gate/"
    for over in (False, True):
        if over:
            is_over(event)
        page = page_of(path)
        assert f'data-over="{1 if over else ""}"' in page and f'data-zone="{event.timezone}"' in page
        assert "<b data-came>2</b>" in page and "<span data-expected>3</span>" in page
        assert ('class="card gate-camera" hidden' in page) is over
        assert ("准备好了吗" not in page) is over
    assert "data-walk-in" in page and "data-camera" in page, "its script still hands in what the phone carries"


def test_the_crew_is_told_and_chosen_while_there_is_something_to_help_with(event):
    helper = member("he")
    choose_crew(by=koc(), event=event, username="@he", role="gate")
    for over in (False, True):
        if over:
            is_over(event)
        led, helped = page_of(event.get_absolute_url()), page_of(event.get_absolute_url(), helper)
        assert ('name="leaves"' not in led and 'name="username"' not in led) is over
        assert ('name="leaves"' not in helped) is over
        assert 'name="words"' in led, "thanks may still be said"
