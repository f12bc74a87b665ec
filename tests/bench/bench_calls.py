"""A call with 200 entries and 5,000 answers: what its pages cost, beside a bare view that answers as many bytes in the same process.
Run by hand, prints, asserts nothing:

python -m tests.bench.bench_calls [--entries 200] [--replies 5000] [--times 40]

Makes its call in a temporary folder, or in the empty database of DATABASE_URL. Numbers of a busy machine mean nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from typing import Any


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=200)
    options.add_argument("--replies", type=int, default=5000)
    options.add_argument("--times", type=int, default=40)
    said = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KOCFORUM_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "kocforum.settings"
        import django

        django.setup()
        pages, reader = prepare(said.entries, said.replies)
        for who, member in (("visitor", None), ("member", reader)):
            for path in pages:
                measure(who, member, path, said.times)


def prepare(entries: int, replies: int) -> tuple[list[str], Any]:
    """The call, its entries of some two thousand characters, and answers under them, most under the first."""
    from django.core.management import call_command

    from kocforum.text import render, render_essay
    from tasks.models import Entry, EntryVersion, Reply, Writer
    from tests.people import make_member
    from tests.tasks.calls import open_call

    call_command("migrate", verbosity=0)
    call = open_call()
    people = [make_member(f"m{number}") for number in range(entries)]
    body = "## 那一天\n\n" + "雨夜里倒车慢了，第三次它停在半路，后车按了喇叭。" * 80
    essay = render_essay(body, "e1")
    now = call.task.opened_at
    rows = [
        Entry(call=call, author=one, state="given", title=f"第 {place} 篇", body=body, html=essay.html, words=essay.words, version=1, given_at=now)
        for place, one in enumerate(people)
    ]  # fmt: skip
    made = Entry.objects.bulk_create(rows)
    Writer.objects.bulk_create(Writer(entry=row, member_id=row.author_id, accepted_at=now) for row in made)
    EntryVersion.objects.bulk_create(EntryVersion(entry=row, number=1, title=row.title, body=body) for row in made)
    words = "我的车也这样，下雨更明显。"
    Reply.objects.bulk_create(
        Reply(entry=made[0 if n % 2 else n % entries], author=people[n % entries], kind="adds", body=words, html=render(words), words=12)
        for n in range(replies)
    )  # fmt: skip
    here = f"/tasks/{call.task_id}/"
    return [here, f"{here}entries/?page=5", f"{here}entries/{made[0].pk}/"], make_member("reader")


def measure(who: str, member: Any, path: str, times: int) -> None:
    """Queries, middle time and bytes of a page, and its time as a multiple of the bare one's."""
    from django.db import connection
    from django.http import HttpResponse
    from django.test import Client, RequestFactory

    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN", HTTP_HOST="127.0.0.1")
    if member is not None:
        client.force_login(member)
    size = len(client.get(path).content)
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *more: (asked.append(sql), execute(sql, *more))[1]):
        client.get(path)
    page = middle(lambda: client.get(path), times)
    body = b"x" * size
    bare = middle(lambda: HttpResponse(body, headers={"X": RequestFactory().get(path).path}), times)
    print(
        f"{who:8} {path:32} {len(asked):3} queries {page * 1000:7.1f} ms {size / 1024:6.1f} KiB {page / bare:8.0f} × bare",
        flush=True,
    )


def middle(act: Any, times: int) -> float:
    spent = []
    for _turn in range(times):
        begun = time.perf_counter()
        act()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
