"""What a member typed and ticked when the sign-in had run out is in the form again after it, without JavaScript."""

from __future__ import annotations

import pytest

from tests.forum.stories import answered, told
from tests.people import make_car, make_catalogue, make_member

pytestmark = pytest.mark.django_db
WORDS = "第二次也停在一半，雷达一直响"


def test_a_record_with_all_its_taps(client):
    lin = make_member()
    make_catalogue()
    car = make_car(lin)
    ticked = {
        "function": "auto-parking",
        "failure_mode": "scrapes",
        "vehicle": car.pk,
        "occurred_at": "2026-03-01T20:15",
        "failures": 4,
        "successes": 2,
        "signals": ["odd_sound", "shake"],
        "severity": "annoying",
        "venue": "lot",
        "narrative": WORDS,
        "cond_weather": "heavy-rain",
        "cond_markings": ["worn", "reflecting"],
    }
    assert client.post("/reports/new/", ticked).status_code == 302
    client.force_login(lin)
    form = client.get("/reports/new/").context["form"]
    assert WORDS in form["narrative"].value() and form["failures"].value() == "4"
    assert form["cond_weather"].value() == "heavy-rain" and form["cond_markings"].value() == ["worn", "reflecting"]
    assert ("scrapes", "蹭到旁车") in form["failure_mode"].field.choices
    page = client.get("/reports/new/").content.decode()
    for value in ("scrapes", "heavy-rain", "worn", "reflecting", "odd_sound", "shake", "annoying", "lot"):
        assert f'value="{value}" checked' in page or f'value="{value}"  checked' in page or _checked(page, value), value
    assert "2026-03-01T20:15" in page


def _checked(page: str, value: str) -> bool:
    """The input with this value carries `checked`, wherever it stands in the tag."""
    tags = [part.partition(">")[0] for part in page.split("<input") if f'value="{value}"' in part.partition(">")[0]]
    return any("checked" in tag for tag in tags)


def test_an_amended_field(client):
    report = told(make_member())
    address = f"/reports/{report.pk}/edit/narrative/"
    client.post(address, {"narrative": WORDS})
    client.force_login(report.thread.author)
    assert WORDS in client.get(address).content.decode()
    assert WORDS not in client.get(f"/reports/{report.pk}/edit/title/").content.decode()


def test_a_corroboration_with_its_counts(client):
    report, he = told(make_member()), make_member("he")
    car = make_car(he)
    answered(he, report, "untested", vehicle=car)
    said = {"stance": "different", "vehicle": car.pk, "successes": 6, "cond_light": "day", "note": WORDS}
    client.post(f"/reports/{report.pk}/corroborate/", said)
    client.force_login(he)
    form = client.get(f"/reports/{report.pk}/corroborate/").context["form"]
    assert [form[name].value() for name in ("stance", "successes", "cond_light", "note")] == [
        "different",
        "6",
        "day",
        WORDS,
    ]
