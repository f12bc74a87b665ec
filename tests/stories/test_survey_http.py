"""A survey through HTTP, without a script: built from JSON, answered page by page, read, taken away, said back."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tasks.models import Participation, Response, ResponseDraft, Task
from tests.people import make_member
from tests.tasks.stories import make_researcher
from tests.tasks.surveys import PARKING
from tests.tasks.test_builder import Builder
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db

TITLE = "雨天的自动泊车"


def test_two_waves_of_a_survey_from_the_builder_to_what_came_of_it(run_deliveries):
    owners = [make_member(f"owner{number}") for number in range(14)]
    desk = client_of(make_researcher())
    first = built()
    opened(client_of(make_researcher("colleague")), first)
    run_deliveries()
    assert TITLE in client_of(owners[0]).get("/me/notifications/").content.decode()

    for number, owner in enumerate(owners):
        answered(client_of(owner), first, used="yes" if number < 8 else "no", calm=1 + number % 2)
    assert Participation.objects.filter(task=first).count() == Response.objects.counted().count() == 14
    assert not ResponseDraft.objects.exists()
    amended(client_of(owners[0]), first)

    results = desk.get(f"/desk/tasks/{first.pk}/results/").content.decode()
    assert "57%" in results and "43%" in results
    assert rows_of(desk.get(f"/api/v1/surveys/{first.pk}/export/")) == 14
    ended(desk, first, "4.3 版先修反光标线。")
    run_deliveries()
    assert TITLE in client_of(owners[0]).get("/me/notifications/").content.decode()
    own = client_of(owners[0]).get(f"/tasks/{first.pk}/").content.decode()
    assert "4.3 版先修反光标线。" in own and 'class="share-row mine' in own

    second = next_wave(first)
    opened(client_of(make_researcher("colleague2")), second)
    for number, owner in enumerate(owners):
        answered(client_of(owner), second, used="yes" if number < 8 else "no", calm=4 + number % 2)
    later = desk.get(f"/desk/tasks/{second.pk}/results/").content.decode()
    assert 'class="num clear"' in later and "+2.9" in later


def built() -> Task:
    builder = Builder(make_researcher("author"))
    builder.press("import", import_text=json.dumps({"questions": PARKING}))
    for row in builder.rows()[: -len(PARKING)]:
        builder.press(f"remove:{row}")
    kept = builder.press("save", title=TITLE, decision="先修被点得最多的那一步", closes_at=when(7), minutes="1.5")
    assert kept.status_code == 302, re.findall(r'class="errors[^"]*">(.*?)</ul>', builder.page, re.S)
    return Task.objects.select_related("survey").get(pk=int(re.search(r"\d+", kept.url)[0]))


def next_wave(first: Task) -> Task:
    builder = Builder(make_researcher("author2"), f"/desk/tasks/surveys/new/?parent={first.pk}")
    kept = builder.press("save", title=f"{TITLE}，升级之后", decision="不够就再修", closes_at=when(7))
    assert kept.status_code == 302
    return Task.objects.select_related("survey").get(parent=first)


def when(days: int) -> str:
    return timezone.localtime(timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def opened(desk: Client, task: Task) -> None:
    desk.post(f"/desk/tasks/{task.pk}/move/open/", {"expected": "draft"})
    assert Task.objects.get(pk=task.pk).state == "open"


def answered(client: Client, task: Task, used: str, calm: int) -> None:
    here = f"/tasks/{task.pk}/survey/"
    seen = ["used", "where"] if used == "yes" else ["used"]
    where = {"q-where": ["mall"]} if used == "yes" else {}
    first = client.post(f"{here}?page=1", {"q-used": used, **where, "seen": seen, "go": "next"})
    assert first.status_code == 302 and "page=2" in first.url
    sent = client.post(
        f"{here}?page=2",
        {"q-calm": calm, "q-nps": 9, "q-words": "标线反光", "seen": ["calm", "nps", "words"], "go": "send"},
    )
    assert sent.status_code == 302 and sent.url == f"/tasks/{task.pk}/"


def amended(client: Client, task: Task) -> None:
    """What was answered stands in the form, and is changed until the end."""
    here = f"/tasks/{task.pk}/survey/?page=2"
    assert "标线反光" in client.get(here).content.decode()
    client.post(here, {"q-calm": 2, "q-nps": 9, "q-words": "标线反光", "seen": ["calm", "nps", "words"], "go": "send"})
    assert Response.objects.filter(revision=2, answers__calm=2).count() == 1


def rows_of(file) -> int:
    return len(list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))))


def ended(desk: Client, task: Task, changed: str) -> None:
    for state, before in (("closed", "open"), ("analysed", "closed")):
        desk.post(f"/desk/tasks/{task.pk}/move/{state}/", {"expected": before})
    said = {"expected": "analysed", "changed": changed, "unchanged": "泊入速度不变", "staff_hours": "6"}
    desk.post(f"/desk/tasks/{task.pk}/move/reported/", said)
    assert Task.objects.get(pk=task.pk).state == "reported"
