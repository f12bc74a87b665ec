"""How long search takes on 50,000 Chinese texts. Run by hand, prints, asserts nothing:

python tests/bench/bench_search.py [--texts 50000]        # SQLite, in a temporary folder
DATABASE_URL=postgres://… python tests/bench/bench_search.py   # makes and drops the database test_<name>
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = [
    "自动泊车", "领航辅助", "自适应巡航", "座椅加热", "语音助手", "感应尾门", "充电口盖", "单踏板模式", "矩阵大灯", "车机系统",
]  # fmt: skip
SCENES = ["雨夜", "地库", "高速路口", "早高峰", "隧道出口", "零下十度", "暴晒之后", "窄车位", "标线反光", "乡村小路"]
FAILURES = [
    "多次失败", "突然退出", "没有反应", "异响", "黑屏重启", "识别不到车位", "顿挫", "误报警", "提示滞后", "恢复正常",
]  # fmt: skip
WORDS = [
    "昨天", "今天", "早上", "晚上", "下班", "回家", "小区", "公司", "附近", "朋友", "师傅", "升级", "之后", "版本", "已经", "还是",
    "一直", "偶尔", "每次", "左边", "右边", "前方", "后方", "车位", "车道", "车速", "声音", "屏幕", "提示", "系统", "重新", "启动",
    "恢复", "正常", "客服", "电话", "预约", "检查", "更换", "传感器", "摄像头", "雷达", "方向盘", "刹车", "油门", "电量", "续航",
    "充电", "温度", "空调",
]  # fmt: skip
QUERIES = ["泊车", "自动泊车", "雨夜", "自动泊车 失败", "雨夜多次失败", "4.2.1", "S7", "标线反光 识别不到车位", "充电口盖没有反应",
           "泊", "车", "系统 升级", "自动泊车为什么在雨夜失败", "火星车位", "parking"]  # fmt: skip


def text(dice: random.Random) -> tuple[str, str]:
    title = dice.choice(FUNCTIONS) + "在" + dice.choice(SCENES) + dice.choice(FAILURES)
    said = ["".join(dice.choices(WORDS, k=dice.randint(5, 12))) for _ in range(dice.randint(3, 14))]
    if dice.random() < 0.2:
        said.append(
            f"{dice.choice(['S7', 'E3', 'X9'])} 的 {dice.randint(3, 5)}.{dice.randint(0, 9)}.{dice.randint(0, 9)} 版本"
        )
    return title, "，".join(said) + "。"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--texts", type=int, default=50_000)
    count = options.parse_args().texts
    sys.path.insert(0, str(ROOT))
    folder = tempfile.TemporaryDirectory()
    os.environ["KOCFORUM_VAR"] = folder.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "kocforum.settings"

    import django

    django.setup()
    from django.contrib.auth.models import AnonymousUser
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases
    from django.utils import timezone

    from kocforum.members.models import Member
    from kocforum.search import kinds
    from kocforum.search.actions import index_many
    from kocforum.search.queries import find

    before = setup_databases(verbosity=0, interactive=False)
    for name in kinds.kinds():
        kinds.unregister(name)
    visible, url_of = Member.objects.visible_to, lambda row: f"/t/{row.pk}/"
    kinds.register(kinds.SearchKind(kind="thread", label="", queryset_for=visible, url_of=url_of))
    kinds.register(
        kinds.SearchKind(
            kind="post", label="", queryset_for=visible, url_of=url_of, thread_of=lambda row: row.pk, titled=False
        )
    )
    dice, now = random.Random(7), timezone.now()
    members = Member.objects.bulk_create([Member(username=f"m{number}") for number in range(count)], batch_size=2000)
    threads: list[tuple[int, str]] = []

    def documents():
        for number, member in enumerate(members):
            title, body = text(dice)
            at = now - timedelta(minutes=dice.randint(0, 1_000_000))
            if number % 5 and threads:
                parent, title = dice.choice(threads)
                yield {
                    "kind": "post",
                    "object_id": member.pk,
                    "parent_id": parent,
                    "title": title,
                    "body": body,
                    "at": at,
                }
            else:
                threads.append((member.pk, title))
                yield {"kind": "thread", "object_id": member.pk, "title": title, "body": body, "at": at}

    started = time.perf_counter()
    index_many(documents())
    taken = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {count} texts indexed in {taken:.1f} s, {taken / count * 1000:.2f} ms each")
    for query in QUERIES:
        for kind in ("", "thread"):
            times = []
            for _ in range(7):
                started = time.perf_counter()
                answers = find(AnonymousUser(), query, kind)
                shown = list(answers[:20])
                times.append((time.perf_counter() - started) * 1000)
            print(
                f"{statistics.median(times):8.1f} ms  {len(answers):4} found, {len(shown):2} shown  {kind or 'all':6} {query}"
            )
    teardown_databases(before, verbosity=0)
    folder.cleanup()


if __name__ == "__main__":
    main()
