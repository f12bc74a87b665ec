"""The commands under `bin/`: what they install, what they print, what they save and bring back."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
from importlib.machinery import SourceFileLoader
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "bin"


def load(name: str) -> ModuleType:
    """A module of `bin/`, which is no package and whose commands have no suffix."""
    file = BIN / name if (BIN / name).exists() else BIN / f"{name}.py"
    loader = SourceFileLoader(f"bin_{name}", str(file))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def command(monkeypatch):
    """Loads a command of `bin/` with its neighbours in reach."""
    monkeypatch.syspath_prepend(str(BIN))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return load


# Requirements


def pinned(file: Path) -> dict[str, str]:
    lines = [line.split("#")[0].strip() for line in file.read_text().splitlines()]
    wishes = [line for line in lines if line and not line.startswith("-")]
    assert all(re.fullmatch(r"[a-z0-9-]+(\[[a-z0-9,]+\])?==[^=<>~*]+", wish) for wish in wishes), wishes
    return {re.split(r"[\[=]", wish)[0]: wish.partition("==")[2] for wish in wishes}


OURS = {"kocforum", "tasks", "insights", "tests", *(file.stem for file in BIN.glob("*.py"))}
# Draw the demo's pictures in a browser, by hand; what they drew lies beside them.
DRAWING = "kocforum/home/demo/scenes/"


def imported(*folders: str) -> set[str]:
    names: set[str] = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            if str(file.relative_to(ROOT)).startswith(DRAWING):
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - OURS


def distributions(modules: set[str]) -> set[str]:
    known = packages_distributions()
    return {re.sub(r"[-_.]+", "-", name).lower() for module in modules for name in known.get(module, [module])}


def test_what_the_site_imports_is_pinned_for_running():
    assert distributions(imported("kocforum", "tasks", "insights")) - set(pinned(ROOT / "requirements.txt")) == set()


def test_what_tests_and_commands_import_is_pinned_for_testing():
    known = {**pinned(ROOT / "requirements.txt"), **pinned(ROOT / "tests" / "requirements.txt")}
    assert distributions(imported("tests", "bin")) - set(known) == set()


def test_no_requirement_is_pinned_twice_and_none_is_psycopg_3():
    running, testing = pinned(ROOT / "requirements.txt"), pinned(ROOT / "tests" / "requirements.txt")
    assert set(running) & set(testing) == set()
    assert "psycopg" not in {**running, **testing}


def test_the_vendored_installer_is_the_one_whose_hash_is_written_down(command):
    environment = command("environment")
    assert environment.hashlib.sha256(environment.PIP.read_bytes()).hexdigest() == environment.PIP_SHA256


# The package index


def test_uv_gets_what_pip_was_told(command, monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    configured = tmp_path / "pip.conf"
    configured.write_text(
        "[global]\nindex-url = https://index.example.com/simple\ncert = /etc/ca.pem\n"
        "[install]\nextra-index-url =\n    https://one.example.com/simple\n    https://two.example.com/simple\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configured))
    monkeypatch.setenv("PIP_TRUSTED_HOST", "one.example.com")
    environment = command("environment")
    monkeypatch.setattr(environment, "PYTHON", sys.executable)
    settings = environment._settings_for_uv()
    assert settings["UV_DEFAULT_INDEX"] == "https://index.example.com/simple"
    assert settings["UV_INDEX"] == "https://one.example.com/simple https://two.example.com/simple"
    assert settings["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert settings["UV_INSECURE_HOST"] == "one.example.com"
    assert settings["SSL_CERT_FILE"] == "/etc/ca.pem"


def test_what_was_said_to_uv_stays_and_reaches_pip(command, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://index.example.com/simple")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    environment = command("environment")
    monkeypatch.setattr(environment, "PYTHON", sys.executable)
    assert environment._settings_for_pip()["PIP_INDEX_URL"] == "https://index.example.com/simple"
    assert "UV_DEFAULT_INDEX" not in environment._settings_for_uv()


def test_requirements_that_changed_are_installed_again_and_others_are_not(command, monkeypatch, tmp_path):
    environment = command("environment")
    (tmp_path / "bin").mkdir()
    (tmp_path / "requirements.txt").write_text("one==1\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "RUNTIME", tmp_path / "requirements.txt")
    installed = []
    monkeypatch.setattr(environment, "_install", lambda requirements: installed.append(requirements.read_text()))
    for _ in range(2):
        environment.ready(tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("one==2\n")
    environment.ready(tmp_path / "requirements.txt")
    assert installed == ["one==1\n", "one==2\n"]
    (tmp_path / ".venv" / "bin" / "python").unlink()
    environment.ready(tmp_path / "requirements.txt")
    assert installed[2:] == ["one==2\n"], "an environment whose Python is gone is made again"


# Messages that bin/run prints


def test_a_message_is_printed_with_its_code_and_its_link(command, tmp_path):
    from django.core.mail import EmailMessage

    outbox = command("outbox")
    (tmp_path / "old.log").write_text("To: a@example.com\nSubject: old\n\n111111\n")
    box = outbox.Outbox(tmp_path)
    letter = EmailMessage(
        "确认你的邮箱",
        "验证码是483920，或打开 http://127.0.0.1:8000/accounts/x/ 。",
        "f@example.com",
        ["t@example.com"],
    )
    (tmp_path / "new.log").write_bytes(letter.message().as_bytes() + b"\n" + b"-" * 79 + b"\n")
    (tmp_path / "new-sms.txt").write_text(
        "To: +8613800138000\nSubject: SMS\n\n【车主回声】验证码：204816\n", encoding="utf-8"
    )
    assert sorted(box.new()) == [
        "✉ +8613800138000 · SMS\n    204816",
        "✉ t@example.com · 确认你的邮箱\n    http://127.0.0.1:8000/accounts/x/\n    483920",
    ]
    assert list(box.new()) == []


# The closing lines of bin/test

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="passes"/><testcase classname="tests.a" name="races"><skipped message="needs PostgreSQL"/></testcase>
<testcase classname="tests.a" name="draws"><skipped message="needs a font"/></testcase>{more}</testsuite></testsuites>"""


def test_a_test_that_ran_in_one_call_is_not_skipped(command, tmp_path):
    tally = command("tally").Tally()
    (tmp_path / "1.xml").write_text(REPORT.format(more=""))
    (tmp_path / "2.xml").write_text(
        '<testsuites><testsuite><testcase classname="tests.a" name="races"/></testsuite></testsuites>'
    )
    tally.add("embedded", 0, tmp_path / "1.xml")
    tally.add("PostgreSQL", 0, tmp_path / "2.xml")
    tally.not_run.append("browser tests: no Chromium")
    assert tally.closing_lines().splitlines()[1:] == [
        "Not run here:",
        "  browser tests: no Chromium",
        "  1 × needs a font",
        "2 passed, 0 failed, 1 skipped",
    ]
    assert tally.passed_as_a_whole


@pytest.mark.parametrize(
    ("code", "more", "failed"),
    [
        (1, '<testcase classname="tests.a" name="breaks"><failure message="no"/></testcase>', 1),
        (1, '<testcase classname="tests.a" name="errs"><error message="no"/></testcase>', 1),
        (3, "", 1),
        (None, "", 1),
    ],
)
def test_a_failure_an_error_and_a_call_that_died_fail_the_whole(command, tmp_path, code, more, failed):
    tally = command("tally").Tally()
    if code is not None:
        (tmp_path / "1.xml").write_text(REPORT.format(more=more))
    tally.add("embedded", code if code is not None else -9, tmp_path / "1.xml")
    assert tally.failed == failed
    assert not tally.passed_as_a_whole


BREAKS, ERRS = (
    f'<testcase classname="tests.stories.a" name="{name}"><failure message="late"/></testcase>'
    for name in ("breaks", "errs")
)


def test_what_passes_at_the_second_try_is_named_and_what_fails_again_failed(command, tmp_path):
    module = command("tally")
    first, again = tmp_path / "1.xml", tmp_path / "1.again.xml"
    first.write_text(REPORT.format(more=BREAKS + ERRS))
    assert list(module.failures(first).values()) == ["tests/stories/a.py::breaks", "tests/stories/a.py::errs"]
    for second, failed in ((ERRS, 1), ('<testcase classname="tests.stories.a" name="errs"/>', 0)):
        again.write_text(
            f'<testsuites><testsuite><testcase classname="tests.stories.a" name="breaks"/>{second}</testsuite></testsuites>'
        )
        tally = module.Tally()
        tally.add("Browser", 1, first, again)
        assert (tally.failed, tally.passed) == (failed, 3 - failed)
        assert tally.passed_as_a_whole is (failed == 0)
        assert tally.closing_lines().splitlines()[1:3] == [
            "Passed at the second try only, look at them:",
            "  tests.stories.a::breaks",
        ]


def test_nothing_chosen_is_no_success(command, tmp_path):
    tally = command("tally").Tally()
    tally.add("embedded", 5, tmp_path / "none.xml")
    assert tally.closing_lines().endswith("0 passed, 0 failed, 0 skipped")
    assert not tally.passed_as_a_whole


def test_own_marks_are_joined_with_those_of_each_call(command):
    test = command("test")
    assert test._without_marks(["-k", "lens", "-m", "redis", "tests/live"]) == (["redis"], ["-k", "lens", "tests/live"])
    assert test._without_marks(["-mpostgres", "--maxfail=2"]) == (["postgres"], ["--maxfail=2"])


# Backup and restore


def archive(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MEDIA_ROOT", "SECRET_KEY"}
    }
    command = [sys.executable, str(BIN / "archive.py"), *arguments]
    return subprocess.run(command, env={**variables, "KOCFORUM_VAR": str(var)}, capture_output=True, text=True)


@pytest.fixture
def site(tmp_path) -> Path:
    """The folder of a site: a database in use, an upload, a key."""
    var = tmp_path / "var"
    (var / "uploads" / "a").mkdir(parents=True)
    (var / "uploads" / "a" / "photo.jpg").write_bytes(b"picture")
    (var / "secret-key").write_text("kept")
    with sqlite3.connect(var / "kocforum.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE told (words TEXT)")
        database.execute("INSERT INTO told VALUES ('雨夜')")
    return var


def rows(var: Path) -> list[tuple[str]]:
    return sqlite3.connect(var / "kocforum.sqlite3").execute("SELECT words FROM told").fetchall()


def test_a_backup_brings_back_database_uploads_and_key(site, tmp_path):
    writing = sqlite3.connect(site / "kocforum.sqlite3")
    writing.execute("INSERT INTO told VALUES ('not committed')")
    saved = archive(site, "save", str(tmp_path / "site.tar"))
    assert saved.returncode == 0, saved.stderr
    writing.rollback()
    assert (tmp_path / "site.tar").stat().st_mode & 0o077 == 0

    elsewhere = tmp_path / "elsewhere"
    restored = archive(elsewhere, "load", str(tmp_path / "site.tar"))
    assert restored.returncode == 0, restored.stderr
    assert rows(elsewhere) == [("雨夜",)]
    assert (elsewhere / "uploads" / "a" / "photo.jpg").read_bytes() == b"picture"
    assert (elsewhere / "secret-key").read_text() == "kept"


def test_a_restore_replaces_a_living_database_only_when_told_to(site, tmp_path):
    archive(site, "save", str(tmp_path / "site.tgz"))
    with sqlite3.connect(site / "kocforum.sqlite3") as database:
        database.execute("INSERT INTO told VALUES ('later')")
    (site / "uploads" / "later.jpg").write_bytes(b"later")

    refused = archive(site, "load", str(tmp_path / "site.tgz"))
    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert rows(site) == [("雨夜",), ("later",)]

    assert archive(site, "load", str(tmp_path / "site.tgz"), "--replace").returncode == 0
    assert rows(site) == [("雨夜",)]
    assert not (site / "uploads" / "later.jpg").exists()


def test_a_backup_is_never_written_over_another_and_a_foreign_file_is_refused(site, tmp_path):
    (tmp_path / "site.tar").write_bytes(b"precious")
    assert archive(site, "save", str(tmp_path / "site.tar")).returncode != 0
    assert (tmp_path / "site.tar").read_bytes() == b"precious"

    with tarfile.open(tmp_path / "foreign.tar", "w") as foreign:
        foreign.add(site / "secret-key", "../outside")
    refused = archive(site, "load", str(tmp_path / "foreign.tar"), "--replace")
    assert "no place in a backup" in refused.stderr


def test_a_backup_that_was_cut_off_is_refused_with_a_sentence_and_changes_nothing(site, tmp_path):
    assert archive(site, "save", str(tmp_path / "site.tar")).returncode == 0
    whole = (tmp_path / "site.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 3])
    refused = archive(site, "load", str(tmp_path / "cut.tar"), "--replace")
    assert refused.returncode == 1 and "Nothing was changed." in refused.stderr and "Traceback" not in refused.stderr
    assert rows(site) == [("雨夜",)]
