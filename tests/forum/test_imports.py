"""Reports from foreign files: what goes in, what is refused, what a second run does."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from kocforum.forum.actions.topics import link_report, open_topic
from kocforum.forum.enums import PostState
from kocforum.forum.imports.encodings import Undecided, decode, encoding_of
from kocforum.forum.imports.rows import Broken, Table
from kocforum.forum.models import Board, Dimension, Follow, Observation, ObservedCondition, Report, Thread
from kocforum.forum.queries.cases import cases_of
from kocforum.forum.queries.lens import lens_of_topic
from kocforum.garage.models import FailureMode, Function
from kocforum.ledger.models import Delivery, Fact
from kocforum.notifications.models import Notification
from kocforum.search.models import SearchDocument
from tests.people import make_koc, make_member

MAPPINGS = Path(__file__).resolve().parents[2] / "docs" / "imports"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "nhtsa_sgo_adas_crashes"
HEADER = "编号,版次,何时,功能,怎么了,天气,雨,雪,几点,车速,城市,车,年款,里程,软件,原话"
GOOD = "A1,1,JUL-2026,泊车,刮蹭,晴,Y,,23:10,12,杭州,远山 S7,2025,12000,4.2.1,倒车入库时蹭到了柱子"
MAPPING = """
source = "测试来源"
key = "编号"
version = "版次"
unobserved = ["unknown", "不详", "[redacted*"]
title = "{car} {year} · {what} · {district}"
failure_modes = [{ slug = "scrape", name = "刮蹭", name_en = "Scrape" }, { slug = "stops", name = "中止", name_en = "Stops" }]
[board]
slug = "imported"
name = "外来记录"
function = "foreign-parking"
[[functions]]
slug = "foreign-parking"
name = "外来泊车"
[[dimensions]]
slug = "weather"
name = "天气"
several = true
values = [{ slug = "sunny", name = "晴" }, { slug = "rain", name = "雨" }, { slug = "snow", name = "雪" }]
[[dimensions]]
slug = "hour"
name = "时段"
values = [{ slug = "night", name = "夜" }, { slug = "day", name = "昼" }]
[[dimensions]]
slug = "pace"
name = "车速"
values = [{ slug = "slow", name = "慢" }, { slug = "fast", name = "快" }]
[read.function]
column = "功能"
values = { "泊车" = "foreign-parking" }
[read.failure_mode]
column = "怎么了"
values = { "刮蹭" = "scrape", "中止" = "stops" }
[read.occurred_at]
column = "何时"
formats = ["%b-%Y"]
precision = "month"
[read.place]
column = "城市"
[read.car]
column = "车"
[read.year]
column = "年款"
[read.mileage_km]
column = "里程"
[read.software_version]
column = "软件"
[read.narrative]
column = "原话"
[read.outcome]
always = "failed"
[[conditions]]
dimension = "weather"
column = "天气"
values = { "晴" = "sunny" }
otherwise = ""
[[conditions]]
dimension = "weather"
flags = { "雨" = "rain", "雪" = "snow" }
[[conditions]]
dimension = "hour"
column = "几点"
hours = [{ from = 7, to = 21, value = "day" }, { from = 21, to = 7, value = "night" }]
[[conditions]]
dimension = "pace"
column = "车速"
ranges = [{ to = 30, value = "slow" }, { value = "fast" }]
"""


def row(**said: str) -> str:
    """The good row with other cells."""
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
    return ",".join((cells | said).values())


@pytest.fixture
def run(tmp_path):
    """Import rows by the mapping above; answers what was printed and what was complained of."""
    mapping = tmp_path / "map.toml"
    mapping.write_text(MAPPING, encoding="utf-8")

    def imported(*rows: str, encoding: str = "utf-8", raw: bytes | None = None, header: str = HEADER, **options):
        file = tmp_path / "reports.csv"
        file.write_bytes(raw if raw is not None else "\n".join([header, *rows, ""]).encode(encoding))
        out, err = io.StringIO(), io.StringIO()
        call_command("import_reports", file, mapping=mapping, stdout=out, stderr=err, **options)
        return out.getvalue().strip().splitlines()[-1], err.getvalue()

    return imported


def counts(added: int = 0, present: int = 0, amended: int = 0, refused: int = 0) -> str:
    return f"added {added}, already present {present}, amended {amended}, refused {refused}"


@pytest.mark.django_db
def test_a_row_becomes_a_public_report_of_nobody(run):
    assert run(GOOD) == (counts(added=1), "")
    report = Report.objects.select_related("thread", "observation").get()
    seen = report.observation
    assert (report.source, report.source_key, report.source_version) == ("测试来源", "A1", 1)
    assert (report.thread.author, report.thread.state, report.thread.board.slug) == (
        None,
        PostState.VISIBLE,
        "imported",
    )
    assert report.thread.title == "远山 S7 2025 · 刮蹭 · 杭州"
    assert (seen.model_name, seen.year, seen.mileage_km, seen.software_version) == ("远山 S7", 2025, 12000, "4.2.1")
    assert (seen.outcome, seen.attempts, seen.owner, seen.vehicle) == ("failed", None, None, None)
    said = seen.conditions.values_list("value__dimension__slug", "value__slug")
    assert set(said) == {("weather", "sunny"), ("weather", "rain"), ("hour", "night"), ("pace", "slow")}
    assert list(report.stages.values_list("stage", flat=True)) == [1]


@pytest.mark.django_db
def test_a_month_is_a_month_wherever_it_is_read(run):
    run(GOOD)
    seen = Observation.objects.get()
    assert seen.precision == "month"
    for hours in (-12, 14):
        assert seen.occurred_at.astimezone(dt.timezone(dt.timedelta(hours=hours))).strftime("%Y-%m") == "2026-07"


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", " ", "Unknown", "不详", "[REDACTED, CONFIDENTIAL]"])
def test_what_is_unknown_is_not_observed(run, words):
    quoted = f'"{words}"'
    run(
        row(
            怎么了=quoted,
            天气=quoted,
            雨="",
            几点=quoted,
            车速=quoted,
            里程=quoted,
            软件=quoted,
            原话=quoted,
            何时=quoted,
        )
    )
    report = Report.objects.get()
    seen = report.observation
    assert (report.failure_mode, seen.mileage_km, seen.software_version, seen.occurred_at) == (None, None, "", None)
    assert not seen.conditions.exists()
    assert report.thread.posts.get().body == ""


@pytest.mark.django_db
def test_a_value_that_the_mapping_leaves_open_is_named_and_not_observed(run):
    last, complained = run(row(天气="沙尘暴", 雨=""))
    assert last == counts(added=1)
    assert "沙尘暴" in complained
    assert not Observation.objects.get().conditions.filter(value__dimension__slug="weather").exists()


@pytest.mark.django_db
def test_a_second_run_adds_nothing(run):
    rows = [GOOD, row(编号="A2")]
    assert run(*rows)[0] == counts(added=2)
    facts = Fact.objects.count()
    assert run(*rows)[0] == counts(present=2)
    assert (Report.objects.count(), Thread.objects.count(), Fact.objects.count()) == (2, 2, facts)


@pytest.mark.django_db
def test_a_later_version_amends_the_earlier_and_shows_what_it_said(run):
    run(GOOD)
    later = row(
        版次="2", 怎么了="中止", 天气="不详", 雨="", 雪="Y", 软件="4.3.0", 车="远山 S5", 原话="其实没有蹭到，只是停下了"
    )
    assert run(later)[0] == counts(amended=1)
    report = Report.objects.select_related("thread", "observation").get()
    assert (report.failure_mode.slug, report.source_version) == ("stops", 2)
    assert (report.observation.software_version, report.observation.model_name) == ("4.3.0", "远山 S5")
    weather = report.observation.conditions.filter(value__dimension__slug="weather")
    assert list(weather.values_list("value__slug", flat=True)) == ["snow"]
    assert report.thread.title == "远山 S5 2025 · 中止 · 杭州"
    assert report.thread.posts.get().body == "其实没有蹭到，只是停下了"
    changed = dict(report.revisions.values_list("field", "before"))
    assert changed["failure_mode"] == "scrape" and changed["narrative"] == "倒车入库时蹭到了柱子"
    assert set(changed) == {"failure_mode", "conditions", "software_version", "vehicle", "narrative", "title"}
    assert run(GOOD, later)[0] == counts(present=2)


@pytest.mark.django_db
def test_an_amended_report_keeps_the_failure_mode_of_its_own_function(run, tmp_path):
    above = '[[functions]]\nslug = "foreign"\nname = "外来"\n[[functions]]\nparent = "foreign"'
    (tmp_path / "map.toml").write_text(MAPPING.replace("[[functions]]", above, 1), encoding="utf-8")
    run(GOOD)
    run(row(版次="2", 怎么了="中止"))
    assert Report.objects.get().failure_mode.function.slug == "foreign-parking"


@pytest.mark.django_db
def test_versions_of_one_file_are_taken_in_their_order(run):
    assert run(row(版次="3", 城市="苏州"), row(版次="1"), row(版次="2", 城市="宁波"))[0] == counts(added=1, amended=2)
    assert Report.objects.get().district == "苏州"


@pytest.mark.django_db
def test_a_dry_run_counts_and_writes_nothing(run):
    assert run(GOOD, row(版次="2", 城市="苏州"), row(编号="A2", 年款="二五"), dry_run=True)[0] == counts(1, 0, 1, 1)
    left = (Report, Thread, Board.objects.filter(slug="imported"), Function.objects.filter(slug="foreign-parking"))
    assert not any((model.objects if isinstance(model, type) else model).exists() for model in left)
    assert not Fact.objects.exists() and not SearchDocument.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(编号=""), "编号 is empty"),
        (row(版次="x"), "not the number of a version"),
        (row(版次="0"), "not the number of a version"),
        (row(何时="FOO-2026"), "not a time"),
        (row(何时="JAN-2999"), "still to come"),
        (row(功能="飞行"), "no meaning for"),
        (row(功能=""), "which function"),
        (row(怎么了="爆胎"), "no meaning for"),
        (row(年款="二五"), "not a number"),
        (row(年款="1025"), "not the year of a model"),
        (row(里程="-5"), "below zero"),
        (row(里程="99999999"), "more than a car drives"),
        (row(几点="25:00"), "not a time of day"),
        (row(车速="fast"), "not a number"),
        (row(车="车" * 61), "longer than 60"),
        (row(编号="k" * 121), "longer than 120"),
        (row(城市="城" * 61), "longer than 60"),
        (GOOD + ",extra", "17 cells"),
        ("A1,1,JUL-2026", "3 cells"),
        (row(原话='"x" y'), "not well-formed"),
        (row(编号="A\0"), "zero bytes"),
        (row(几点="13:00 PM"), "not a time of day"),
        (row(几点="9"), "not a time of day"),
    ],
)
def test_a_bad_row_is_refused_whole_and_named_and_the_others_go_in(run, bad, reason):
    last, complained = run(row(编号="B1"), bad, row(编号="B2"))
    assert last == counts(added=2, refused=1)
    assert complained.startswith("line 3: ") and reason in complained
    assert set(Report.objects.values_list("source_key", flat=True)) == {"B1", "B2"}
    assert Thread.objects.count() == Observation.objects.count() == 2


@pytest.mark.django_db
def test_a_quotation_mark_that_is_never_closed_costs_one_row(run):
    last, complained = run(row(编号="B1"), row(编号="B2", 原话='"没有完'), row(编号="B3"), row(编号="B4"))
    assert last == counts(added=3, refused=1)
    assert complained.startswith("line 3: ")


@pytest.mark.django_db
def test_bytes_that_do_not_belong_cost_their_row(run):
    raw = (
        "\n".join([HEADER, row(编号="B1"), row(编号="B2", 城市="@"), row(编号="B3"), ""])
        .encode()
        .replace(b"@", b"\xff")
    )
    last, complained = run(raw=raw)
    assert last == counts(added=2, refused=1)
    assert "line 3: it has bytes" in complained


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("clock", "hour"),
    [
        ("11:10 PM", "night"),
        ("11:10 a.m.", "day"),
        ("12:05AM", "night"),
        ("9 pm", "night"),
        ("24:00", "night"),
        ("930", "day"),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(run, clock, hour):
    assert run(row(几点=clock))[0] == counts(added=1)
    assert set(ObservedCondition.objects.values_list("value__slug", flat=True)) & {"night", "day"} == {hour}


@pytest.mark.django_db
def test_a_version_that_a_spreadsheet_wrote_is_a_version(run):
    assert run(row(版次="2.0"))[0] == counts(added=1)
    assert Report.objects.get().source_version == 2


@pytest.mark.django_db
def test_columns_are_known_by_their_words_in_any_order_and_case(run, tmp_path):
    (tmp_path / "map.toml").write_text(MAPPING.replace("编号", "Case Number"), encoding="utf-8")
    header = ",".join(reversed(HEADER.replace("编号", " CASE\N{NO-BREAK SPACE}number ").split(",")))
    assert run(",".join(reversed(GOOD.split(","))), header=header + ",Remarks")[0] == counts(refused=1)
    assert run(",".join(reversed(GOOD.split(","))) + ",none", header=header + ",Remarks")[0] == counts(added=1)
    assert Report.objects.get().source_key == "A1"


@pytest.mark.django_db
def test_lines_are_counted_as_an_editor_counts_them(run):
    two_lines = row(编号="B1", 原话='"第一行\n第二行，足够长"')
    _last, complained = run(two_lines, "", row(编号="B2", 年款="x"))
    assert complained.startswith("line 5: ")


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_read_from_the_bytes(run, encoding):
    assert run(GOOD, encoding=encoding)[0] == counts(added=1)
    assert Report.objects.get().district == "杭州"


def test_western_text_of_windows_is_not_taken_for_chinese():
    text = "driver’s side – “unclear”, café, 20°\n" * 20
    assert decode(text.encode("cp1252")) == (text, "cp1252")
    assert encoding_of("said “stop.”\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}Then…” he".encode("cp1252")) == "cp1252"
    assert encoding_of("泊车，雨夜，标线反光。".encode("gb18030")) == "gb18030"


def test_bytes_between_all_encodings_are_asked_for_and_not_guessed():
    with pytest.raises(Undecided):
        encoding_of(bytes([0x81, 0x30, 0x8F, 0x8D, 0x41, 0xFF, 0xFF, 0x80, 0x80]) * 9)
    with pytest.raises(Undecided):
        encoding_of(b"PK\x03\x04\x00\x00\x00")


def test_a_broken_row_of_many_lines_is_one_refusal():
    table = Table('a,b,c\n1,"one\ntwo\nthree"\n2,ok,\n')
    rows = list(table.rows())
    assert [type(one) for one in rows][0] is Broken
    assert (len(rows), rows[-1].cells) == (2, {"a": "2", "b": "ok", "c": ""})


@pytest.mark.django_db
@pytest.mark.parametrize("header", [HEADER.replace("何时", "when"), HEADER.replace("雨,雪", "雨,雨"), ""])
def test_a_file_of_another_schema_ends_with_2(run, header):
    with pytest.raises(CommandError) as refused:
        run(GOOD, header=header)
    assert refused.value.returncode == 2
    assert not Report.objects.exists() and not Board.objects.filter(slug="imported").exists()


@pytest.mark.django_db
def test_a_file_or_a_mapping_that_cannot_be_read_ends_with_1(run, tmp_path):
    with pytest.raises(CommandError) as missing:
        call_command("import_reports", tmp_path / "none.csv", mapping=tmp_path / "map.toml")
    (tmp_path / "bad.toml").write_text('source = "x"\nkolumn = 1\n')
    with pytest.raises(CommandError) as bad:
        call_command("import_reports", tmp_path / "none.csv", mapping=tmp_path / "bad.toml")
    assert (missing.value.returncode, bad.value.returncode) == (1, 1)
    assert "kolumn" in str(bad.value)


@pytest.mark.django_db
def test_nobody_is_told_and_nobody_follows(run, run_deliveries):
    run(GOOD, row(编号="A2", 版次="2"))
    run(row(版次="2", 城市="苏州"))
    run_deliveries()
    assert not Delivery.objects.exists() and not Notification.objects.exists() and not Follow.objects.exists()
    assert set(Fact.objects.values_list("name", "by")) == {("forum.ReportTold", None), ("forum.ReportAmended", None)}


@pytest.mark.django_db
def test_each_row_is_an_owner_of_its_own(run):
    run(GOOD, row(编号="A2"))
    Report.objects.filter(source_key="A2").update(source="另一来源", source_key="A1")
    assert len({case.owner for case in cases_of(Report.objects.all())}) == 2


@pytest.mark.django_db
def test_it_is_found_and_its_pages_open(run):
    run(GOOD)
    report = Report.objects.get()
    reader = Client()
    reader.force_login(make_member("reader"))
    for client in (Client(), reader):
        assert client.get(report.get_absolute_url()).status_code == 200
        assert "远山 S7 2025" in client.get("/boards/imported/").content.decode()
    assert report.get_absolute_url() in Client().get("/search/?q=蹭到了柱子").content.decode()
    assert Client().get(f"/api/v1/reports/{report.pk}/").json()["author"] is None


@pytest.mark.django_db
def test_what_staff_have_in_the_catalogue_stays(run):
    Dimension.objects.create(slug="weather", name="我们的天气", position=3)
    Function.objects.create(slug="foreign-parking", name="我们的泊车")
    run(GOOD)
    assert Dimension.objects.get(slug="weather").name == "我们的天气"
    assert Function.objects.get(slug="foreign-parking").name == "我们的泊车"
    assert FailureMode.objects.filter(function__slug="foreign-parking").count() == 2


@pytest.mark.django_db
def test_the_mappings_of_nhtsa_refuse_each_others_schema(tmp_path):
    from kocforum.forum.imports.mapping import load

    loaded = {path.stem: load(path) for path in MAPPINGS.glob("nhtsa_sgo*.toml")}
    assert set(loaded) == {"nhtsa_sgo_2021", "nhtsa_sgo_2025"}
    assert len({meaning.source for meaning in loaded.values()}) == 1
    for name, meaning in loaded.items():
        other = next(other for other_name, other in loaded.items() if other_name != name)
        assert set(meaning.required) - set(other.required)
        slugs = {(one["slug"], value["slug"]) for one in meaning.catalogue["dimensions"] for value in one["values"]}
        for rule in meaning.conditions:
            said = [*rule.values.values(), *rule.said.get("flags", {}).values()]
            said += [span["value"] for span in [*rule.said.get("ranges", []), *rule.said.get("hours", [])]]
            assert {(rule.name, value) for value in said if value} <= slugs, rule.name


@pytest.mark.real_data
@pytest.mark.django_db
def test_real_crash_reports_of_both_schemas():
    if not REAL.is_dir():
        pytest.skip("needs ../shared/data/nhtsa_sgo_adas_crashes")
    archive = REAL / "SGO-2021-01_Incident_Reports_ADAS_archive_sample.csv"
    out = io.StringIO()
    call_command("import_reports", archive, mapping=MAPPINGS / "nhtsa_sgo_2021.toml", stdout=out)
    assert out.getvalue().strip().endswith(counts(added=182, amended=18))
    assert "cp1252" in out.getvalue()
    with pytest.raises(CommandError) as refused:
        call_command("import_reports", archive, mapping=MAPPINGS / "nhtsa_sgo_2025.toml", stdout=io.StringIO())
    assert refused.value.returncode == 2
    zhou = make_koc()
    topic = open_topic(
        by=zhou,
        title="撞上固定物",
        function="adas-crash",
        failure_mode="fixed-object",
        claim="撞上固定物时有什么共同点",
    )
    for report in Report.objects.filter(function__slug="adas-crash", failure_mode__slug="fixed-object"):
        link_report(by=zhou, topic=topic, report=report)
    topic.refresh_from_db()
    found = lens_of_topic(topic)
    assert found["compared_with_other_failures"]
    assert (
        found["owners"] == Report.objects.filter(function__slug="adas-crash", failure_mode__slug="fixed-object").count()
    )
    assert all(one["level"] in {"L0", "L1", "L2"} for one in found["conditions"])
    assert ("manoeuvre", "lane-departure") in [(one["dimension"], one["value"]) for one in found["conditions"][:5]]
    assert Report.objects.filter(created_at__gt=timezone.now()).count() == 0
