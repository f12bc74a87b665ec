"""Production refuses to start half configured; the embedded default needs nothing."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = {
    "KOCFORUM_DEPLOYMENT": "production",
    "SECRET_KEY": "long-enough-and-random-enough-for-a-check-of-fifty-characters",
    "ALLOWED_HOSTS": "forum.example.com",
}
SHOW_KEY = "from django.conf import settings; print(settings.SECRET_KEY)"


def python(*arguments: str, var: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A Python with nothing of this test's own settings in its environment."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**clean, "DJANGO_SETTINGS_MODULE": "kocforum.settings", "KOCFORUM_VAR": str(var), **variables},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing"),
        ({"DEBUG": "on"}, "DEBUG is on"),
        ({"KOCFORUM_DEPLOYMENT": "prod"}, "'embedded' or 'production'"),
    ],
)
def test_production_refuses_to_start_half_configured_and_says_why(change, sentence, tmp_path):
    refused = python("-c", SHOW_KEY, var=tmp_path, **{**COMPLETE, **change})
    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert not (tmp_path / "secret-key").exists()


def test_production_with_everything_named_passes_the_deployment_check(tmp_path):
    checked = python(
        "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "ERROR", var=tmp_path, **COMPLETE
    )
    assert checked.returncode == 0, checked.stderr
    shown = python(
        "-c", "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE)", var=tmp_path, **COMPLETE
    )
    assert shown.stdout.split() == ["False", "True"]


def test_the_embedded_key_is_made_once_for_all_processes_and_is_nobody_elses_to_read(tmp_path):
    command = [sys.executable, "-c", SHOW_KEY]
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "kocforum.settings", "KOCFORUM_VAR": str(tmp_path / "var")}
    for name in (*COMPLETE, "DATABASE_URL"):
        variables.pop(name, None)
    starting = [subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    shown = {process.communicate()[0].strip() for process in starting}
    assert len(shown) == 1
    assert len(shown.pop()) > 60
    assert [file.name for file in (tmp_path / "var").glob("secret-key*")] == ["secret-key"]
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600


def test_the_embedded_default_needs_no_variable_and_keeps_everything_in_one_folder(tmp_path):
    names = ("DATABASES['default']['NAME']", "MEDIA_ROOT", "STATIC_ROOT", "MAIL_DIR")
    code = "from django.conf import settings as s; print(*[{}], sep='\\n')".format(
        ", ".join(f"s.{name}" for name in names)
    )
    shown = python("-c", code, var=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert all(Path(line).is_relative_to(tmp_path) for line in shown.stdout.splitlines())


def test_every_variable_of_the_environment_is_documented():
    code = "".join(
        (ROOT / name).read_text(encoding="utf-8") for name in ("kocforum/settings.py", "bin/services.py", "bin/run")
    )
    read = set(re.findall(r"(?:env\.\w+\(|environ(?:\.get\(|\[))\s*\"([A-Z][A-Z_]+)\"", code))
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")))
    assert len(read) > 20
    assert read - documented == set()
