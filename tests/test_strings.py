"""Every string in the sources is in the catalogue. Debian's `xgettext` finds them; elsewhere this is named as not run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import catalogue
from tests.catalogue import CHINESE

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def copied_sources(tmp_path_factory) -> Path:
    """makemessages writes beside what it reads, so it reads a copy."""
    copy = tmp_path_factory.mktemp("sources")
    for name in ("kocforum", "tasks", "insights", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "locale"))
    shutil.copytree(ROOT / "static" / "js", copy / "static" / "js")
    (copy / "locale").mkdir()
    return copy


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs xgettext (on Debian: apt-get install gettext)")
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_string_of_the_sources_is_in_the_catalogue(domain, copied_sources):
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale",
        "zh_Hans",
        "--domain",
        domain,
        "--no-location",
    ]
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=copied_sources, env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    found = copied_sources / "locale" / "zh_Hans" / "LC_MESSAGES" / f"{domain}.po"
    used = {entry.key for entry in catalogue.read(found)} if found.exists() else set()
    kept = CHINESE / f"{domain}.po"
    known = {entry.key for entry in catalogue.read(kept)} if kept.exists() else set()
    missing = sorted(msgid for _, msgid in used - known)
    assert not missing, f"\n{len(missing)} strings; run manage.py makemessages:\n" + "\n".join(missing[:20])


def test_no_string_hides_behind_a_name_that_xgettext_does_not_know():
    hidden = re.compile(r"\b(n?p?n?gettext(?:_lazy)?) as (?!_\b)(\w+)")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for name in ("kocforum", "tasks", "insights")
        for path in sorted((ROOT / name).rglob("*.py"))
        for match in hidden.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found, found
