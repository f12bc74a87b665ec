"""What a reviewer would send back: lint, import contracts, missing migrations, markup that the policy blocks, words of cause."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests import catalogue
from tests.catalogue import CHINESE

ROOT = Path(__file__).resolve().parent.parent
PYTHON_FILES = [".", *(f"bin/{name}" for name in ("run", "test", "update", "backup", "restore"))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "kocforum").rglob("templates/**/*.html"))


def tool(*command: str) -> None:
    """A command of the environment that must have nothing to say."""
    done = subprocess.run(
        [Path(sys.executable).parent / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"\n{done.stdout}\n{done.stderr}"


def where(path: Path, text: str, position: int) -> str:
    return f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, position) + 1}"


def test_python_is_clean():
    tool("ruff", "check", "--no-cache", "--output-format=concise", *PYTHON_FILES)


def test_python_is_formatted():
    tool("ruff", "format", "--no-cache", "--check", "--extend-exclude=*.md", "--output-format=concise", *PYTHON_FILES)


def test_imports_keep_their_contracts():
    tool("lint-imports", "--no-cache")


def test_templates_are_clean():
    tool("djlint", "templates", "--lint", "--quiet")


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


BLOCKED = {
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^<>]*\s(?:on[a-z]+|hx-on[:-][^\s=]*)\s*=", re.IGNORECASE),
    "a script with a body": re.compile(
        r"<script(?![^>]*\btype=[\"'](?:application/json|importmap))[^>]*>\s*[^\s<]", re.IGNORECASE
    ),
    "a style sheet with a body": re.compile(r"<style[^>]*>", re.IGNORECASE),
    "a javascript: link": re.compile(r"[\"']javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", BLOCKED)
def test_templates_hold_nothing_that_the_content_policy_blocks(what):
    found = []
    for path in TEMPLATES:
        text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        # A tag in an attribute may hold a `>`; it says nothing about the attribute's name.
        text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
        found += [where(path, text, match.start()) for match in BLOCKED[what].finditer(text)]
    assert not found, f"{what}: {found}"


# The lens shows what goes together. Saying that one thing makes the other happen is for engineers, in their own words.
CAUSE_ZH = re.compile(
    r"导致|引起|(?<!说明)(?<!就)(?<!不)原因(?:是|为|在于)|(?<!不能)(?<!不)(?<!无法)证明|概率[为是]|是由于|造成"
)
CAUSE_EN = re.compile(
    r"\b(?:causes|caused by|proves?(?! nothing)|proven|probability (?:of|is)|due to)\b", re.IGNORECASE
)


def test_the_words_of_cause_are_found_and_the_disclaimers_are_not():
    claims = ["雨夜导致失败", "原因是雷达", "数据证明雨夜更差", "失败概率为 60%", "由雨水引起"]
    disclaimers = [
        "两者有关联，但不说明原因",
        "两者有关联，但不说明是原因",
        "不说明原因是什么",
        "这不能证明因果",
        "失败的比例更高",
    ]
    assert all(CAUSE_ZH.search(line) for line in claims)
    assert not any(CAUSE_ZH.search(line) for line in disclaimers)
    assert CAUSE_EN.search("Rain causes the failure")
    assert not CAUSE_EN.search("associated, not shown to be the cause")


def test_no_page_claims_a_cause():
    found = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        found += [where(path, text, match.start()) for rule in (CAUSE_ZH, CAUSE_EN) for match in rule.finditer(text)]
    assert not found, found


def catalogues() -> list[Path]:
    return sorted(CHINESE.glob("*.po"))


def test_no_translation_claims_a_cause():
    found = [
        f"{po.name}:{entry.line} {said}"
        for po in catalogues()
        for entry in catalogue.read(po)
        for said in entry.translations
        if CAUSE_ZH.search(said) or CAUSE_EN.search(entry.msgid)
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_string_is_translated_and_none_is_a_guess():
    assert catalogues(), "there is no Chinese catalogue"
    left = [
        f"{po.name}:{entry.line} {'fuzzy' if entry.fuzzy else 'empty'}: {entry.msgid}"
        for po in catalogues()
        for entry in catalogue.read(po)
        if entry.fuzzy or not entry.translated
    ]
    assert not left, "\n" + "\n".join(left)


PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")


def test_translations_keep_every_place_for_a_value():
    """A `%(name)s` that is missing loses a number; one that is misspelt breaks the page."""
    broken = [
        f"{po.name}:{entry.line} {entry.msgid}"
        for po in catalogues()
        for entry in catalogue.read(po)
        for said in entry.translations
        if set(PLACE.findall(said))
        not in (set(PLACE.findall(entry.plural or entry.msgid)), set(PLACE.findall(entry.msgid)))
    ]
    assert not broken, "\n" + "\n".join(broken)


def test_chinese_sentences_have_chinese_punctuation():
    half = re.compile(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.(?:\s|$)")
    found = [
        f"{po.name}:{entry.line} {said}"
        for po in catalogues()
        for entry in catalogue.read(po)
        for said in entry.translations
        if half.search(re.sub(r"{[^}]*}", "", said))  # a shape of JSON keeps its own marks
    ]
    assert not found, "\n" + "\n".join(found)


def test_the_compiled_messages_are_those_of_the_catalogue():
    for po in catalogues():
        mo = po.with_suffix(".mo")
        assert mo.exists(), f"run: manage.py compilemessages ({mo.name} is missing)"
        assert catalogue.compiled(mo) == catalogue.as_compiled(catalogue.read(po)), "run: manage.py compilemessages"
