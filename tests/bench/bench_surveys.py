"""How long it takes when ten thousand answer a survey within a minute, and to read what they said. Prints, asserts nothing:

DATABASE_URL=postgres://… REDIS_URL=redis://… python -m tests.bench.bench_surveys [--rush 10000] [--workers 2]

Makes and drops the database test_<name>. The rush goes through the whole request, from processes of its own; each answer
has a quota to pass, over a question and over everybody. Beside it the same processes write bare rows of the same size, one
in a transaction, which is as fast as the database lets anybody be. Then the page of 10,000 responses to 20 questions is read
with nothing kept and with everything kept; beside it the bare reading of the rows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from typing import Any

from tests.bench.bench_audience import ROOT, database_url, fill, spread

BARE = "CREATE TABLE bare (id uuid PRIMARY KEY, survey int, who text, answers jsonb, UNIQUE (survey, who))"
YES, NO = "yes", "no"
PHRASES = (
    "雨天认不出车位标线", "标线反光，倒车影像也糊", "提示音太轻，听不清", "停到一半自己退出", "后面的车一直按喇叭", "镜头上全是水珠",
    "进位太慢", "斜列车位认不出来", "地库里信号不好", "老人坐着有点怕", "升级之后好多了", "希望能记住我常停的车位",
)  # fmt: skip


def questions(count: int) -> list[dict[str, Any]]:
    """A survey of every kind that has numbers, over several pages."""
    five = [{"key": f"o{place}", "label": f"选项 {place}"} for place in range(5)]
    shapes = (
        {"type": "single", "options": five},
        {"type": "multiple", "options": five},
        {"type": "rating", "scale": {"min": 1, "max": 5}},
        {"type": "nps"},
        {"type": "matrix", "options": five, "scale": {"min": 1, "max": 5}},
        {"type": "number", "scale": {"min": 0, "max": 500}},
        {"type": "ranking", "options": five},
        {"type": "long_text"},
    )
    return [
        {"key": f"q{place}", "text": f"第 {place} 个问题", "page": 1 + place // 5, **shapes[place % len(shapes)]}
        for place in range(count)
    ]


def answer_to(question: dict[str, Any], dice: random.Random) -> Any:
    names = [option["key"] for option in question.get("options", ())]
    match question["type"]:
        case "single":
            return dice.choice(names)
        case "multiple":
            return dice.sample(names, dice.randint(1, 3))
        case "rating":
            return dice.randint(1, 5)
        case "nps":
            return dice.randint(0, 10)
        case "matrix":
            return {name: dice.randint(1, 5) for name in names}
        case "number":
            return dice.randint(0, 500)
        case "ranking":
            return dice.sample(names, len(names))
        case _:
            return "，".join(dice.sample(PHRASES, dice.randint(1, 3))) if dice.random() < 0.3 else None


# --- the rush


def answer_all(pk: int, members: list[int]) -> None:
    """One process: each of these members answers; one line of JSON with the milliseconds of each and what went wrong."""
    from django.db import connection
    from rest_framework.test import APIClient

    from kocforum.members.models import Member

    dice, client = random.Random(members[0]), APIClient(raise_request_exception=False)
    asked = questions(6)
    people = {one.pk: one for one in Member.objects.filter(pk__in=members)}
    taken, thanked, wrong = [], 0, []
    began = time.time()
    for number in members:
        client.force_authenticate(people[number])
        body = {"answers": {"used": dice.choice((YES, YES, NO)), **{one["key"]: answer_to(one, dice) for one in asked}}}
        started = time.perf_counter()
        answer = client.post(f"/api/v1/surveys/{pk}/responses/", body, format="json")
        taken.append((time.perf_counter() - started) * 1000)
        if answer.status_code == 409:  # a full quota: kept and thanked, not counted
            thanked += 1
        elif answer.status_code not in (200, 201):
            wrong.append(f"{answer.status_code} {answer.content[:200]!r}")
    ended, bare = time.time(), []
    text = json.dumps(body["answers"])
    with connection.cursor() as cursor:
        for number in members[:1000]:
            started = time.perf_counter()
            cursor.execute("INSERT INTO bare VALUES (%s, 1, %s, %s)", [uuid.uuid4(), str(number), text])
            bare.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"between": (began, ended), "taken": taken, "bare": bare, "thanked": thanked, "wrong": wrong}))


def rush(members: list[int], workers: int, limit: int) -> None:
    from django.db import connection
    from django.db.models import Count

    from tasks.actions.surveys import Cell
    from tasks.models import Participation, QuotaCell, Response
    from tests.tasks.surveys import open_survey

    used = {
        "key": "used",
        "type": "single",
        "text": "雨天用过自动泊车吗？",
        "required": True,
        "options": [{"key": YES, "label": "用过"}, {"key": NO, "label": "没用过"}],
        "quota": {YES: limit},
    }
    task = open_survey([used, *questions(6)], title="一分钟", cells=[Cell(limit=len(members) - 500)])
    with connection.cursor() as cursor:
        cursor.execute(BARE)
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.bench_surveys", "--answer", str(task.pk)]
    env = {**os.environ, "DATABASE_URL": database_url()}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    for place, one in enumerate(running):
        one.stdin.write(json.dumps(members[place::workers]))
        one.stdin.close()
    told = [json.loads(one.stdout.read()) for one in running]
    for one in running:
        one.wait()
    seconds = max(one["between"][1] for one in told) - min(one["between"][0] for one in told)
    taken = [row for one in told for row in one["taken"]]
    bare = [row for one in told for row in one["bare"]]
    wrong = [row for one in told for row in one["wrong"]]
    print(
        f"  {len(members)} members, {workers} processes: {seconds:.1f} s from the first press to the last answer, {len(members) / seconds:,.0f} a second"
    )
    print(f"  {'an answer, whole request':<30} {spread(taken)}")
    print(f"  {'a bare row in a transaction':<30} {spread(bare)}")
    print(f"  ratio of the medians {sorted(taken)[len(taken) // 2] / sorted(bare)[len(bare) // 2]:.1f}")
    mine = Response.objects.filter(survey__task=task)
    doubles = mine.values("respondent").annotate(n=Count("pk")).filter(n__gt=1).count()
    counted = mine.counted()
    print(
        f"  participations {Participation.objects.filter(task=task).count()}, responses {mine.count()}, doubles {doubles}, "
        f"over quota {sum(one['thanked'] for one in told)}, errors {len(wrong)} {wrong[:1] or ''}"
    )
    for cell in QuotaCell.objects.filter(survey__task=task).select_related("option"):
        rows = counted.filter(answers__used=YES) if cell.option_id else counted
        print(
            f"  quota of {cell.option or 'everybody'}: limit {cell.limit}, used {cell.used}, counted responses {rows.count()}"
        )


# --- the page


def page(many: int, count: int) -> None:
    from django.core.cache import cache
    from django.test import Client

    from kocforum.members.models import Member
    from tasks.models import Invitation, Participation, Response
    from tests.tasks.surveys import open_survey

    dice, asked = random.Random(3), questions(count)
    task = open_survey(asked, title="二十问")
    Invitation.objects.filter(task=task).delete()
    members = list(Member.objects.filter(is_staff=False)[:many])
    facts = [
        {
            "model": dice.choice(("S7", "E5", "X9")),
            "version": dice.choice(("4.2.1", "4.3.0")),
            "koc_level": "",
            "city": one.city,
        }
        for one in members
    ]
    Invitation.objects.bulk_create(
        (
            Invitation(task=task, member=one, lot=place, state="invited", **facts[place])
            for place, one in enumerate(members)
        ),
        batch_size=2000,
    )
    Participation.objects.bulk_create(
        (Participation(task=task, member=one, on=task.opened_at.date()) for one in members), batch_size=2000
    )
    Response.objects.bulk_create(
        (
            Response(
                survey=task.survey,
                respondent=uuid.uuid4().hex,
                answers={one["key"]: answer_to(one, dice) for one in asked},
                facts=facts[place],
                seconds=dice.randint(30, 300),
                revision=1,
            )
            for place in range(len(members))
        ),
        batch_size=2000,
    )
    client = Client()
    client.force_login(Member.objects.filter(role="researcher").first())
    client.get("/desk/tasks/")
    started = time.perf_counter()
    rows = list(Response.objects.filter(survey=task.survey).values_list("answers", "facts", "seconds"))
    bare = (time.perf_counter() - started) * 1000
    print(f"  {len(rows)} responses to {count} questions; reading the bare rows takes {bare:.0f} ms")
    for query in ("", "?by=model", "?weighted=1"):
        path = f"/desk/tasks/{task.pk}/results/{query}"
        client.get(path)
        cold, warm = [], []
        for _ in range(5):
            cache.clear()
            cold.append(timed(client, path))
            warm.extend(timed(client, path) for _ in range(10))
        print(f"  {path:<30} cold {spread(cold)}; ratio to bare reading {sorted(cold)[2] / bare:.1f}")
        print(f"  {'':<30} kept {spread(warm)}")


def timed(client: Any, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return taken


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rush", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--questions", type=int, default=20)
    options.add_argument("--page-only", action="store_true")
    options.add_argument("--answer", type=int, help=argparse.SUPPRESS)
    said = options.parse_args()
    os.environ.setdefault("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/kocforum_bench_surveys")
    folder = tempfile.TemporaryDirectory()
    os.environ["KOCFORUM_VAR"] = folder.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "kocforum.settings"
    import django

    django.setup()
    import kocforum.wsgi  # noqa: F401  sets the collector as the served site has it

    if said.answer:
        answer_all(said.answer, json.loads(sys.stdin.read()))
        return
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from kocforum.members.models import Member

    setup_test_environment(debug=False)
    before = setup_databases(verbosity=0, interactive=False)
    try:
        fill(said.rush)
        members = list(Member.objects.filter(is_staff=False).order_by("?").values_list("pk", flat=True))
        print(f"{len(members)} members with cars; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        if not said.page_only:
            print("A rush")
            rush(members, said.workers, limit=len(members) // 3)
        print("The results")
        page(said.rush, said.questions)
        print(f"load {os.getloadavg()[0]:.1f}")
    finally:
        teardown_databases(before, verbosity=0)
        folder.cleanup()


if __name__ == "__main__":
    main()
