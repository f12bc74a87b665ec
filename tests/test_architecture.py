"""What imports do not show: foreign keys, writes, requests, doors. `pyproject.toml` holds the contracts about imports.

A house rule that has an exception names it here, with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from kocforum.ledger.facts import known_facts

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("kocforum", "tasks", "insights")
MOST_LINES = 300

# The map, from the ground up. Apps of one storey are strangers to each other.
STOREYS = [
    {"ledger", "live", "ui"},
    {"members"},
    {"garage", "uploads", "search", "notifications"},
    {"forum"},
    {"tasks"},
    {"insights"},
    {"home"},
]
STOREY = {label: number for number, labels in enumerate(STOREYS) for label in labels}

LONG_FILES = {
    "kocforum/settings.py": "one place for every setting, read from top to bottom",
    "tasks/facts/__init__.py": "an index: the names of every fact, and nothing else",
}
WRITERS = {
    "kocforum/members/adapters.py": "allauth's own step between its form and our action",
}


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of ours but migrations, by its path in the repository."""
    files = [
        file
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in file.parts
    ]
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def none_of(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(found)


def layer(path: str) -> str:
    """`actions` for kocforum/forum/actions/reports.py, `adapters` for kocforum/members/adapters.py."""
    parts = Path(path).with_suffix("").parts
    inside = parts[2:] if parts[0] == "kocforum" else parts[1:]
    return inside[0] if inside else ""


def our_models() -> list[type[models.Model]]:
    return [
        model for model in apps.get_models() if model._meta.app_label in STOREY and not hasattr(model, "instance_type")
    ]


def test_foreign_keys_point_down_the_map():
    up = []
    for model in our_models():
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or not field.related_model or field.related_model == model:
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if there not in STOREY or here == there or field.related_model._meta.label == settings.AUTH_USER_MODEL:
                continue
            if STOREY[there] >= STOREY[here]:
                up.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    none_of(up)


def test_an_app_leaves_no_name_on_the_rows_of_another_app():
    """Across apps a foreign key has `related_name="+"`: nobody below learns a name from above."""
    named = []
    for model in our_models():
        for field in model._meta.get_fields():
            if (
                field.auto_created
                or not (field.many_to_one or field.one_to_one or field.many_to_many)
                or not field.remote_field
            ):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if there in STOREY and here != there and not field.remote_field.hidden:
                named.append(f"{model._meta.label}.{field.name}")
    none_of(named)


MANAGER_WRITES = {
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "acreate",
    "aupdate",
    "adelete",
}
ROW_WRITES = {"save", "delete"}
QUERYSET_STEPS = {
    "objects",
    "_default_manager",
    "_base_manager",
    "filter",
    "exclude",
    "all",
    "visible_to",
    "select_for_update",
}


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Calls that write rows, told from those of dicts, files, pictures and caches by their shape."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, on = node.func.attr, node.func.value
        steps = {part.attr for part in ast.walk(on) if isinstance(part, ast.Attribute)}
        on_a_queryset = bool(steps & QUERYSET_STEPS)
        on_itself = isinstance(on, ast.Call) and isinstance(on.func, ast.Name) and on.func.id == "super"
        if on_itself or "session" in steps or (isinstance(on, ast.Name) and on.id in {"session", "cache"}):
            continue
        if (
            name in MANAGER_WRITES
            or (name in {"update", "delete"} and on_a_queryset)
            or (name in ROW_WRITES and not node.args)  # a picture or a file is saved to somewhere
        ):
            yield node.lineno, name


def may_write(path: str) -> bool:
    inside = Path(path).parts
    return (
        layer(path) == "actions"
        or path in WRITERS
        or path.startswith(("kocforum/ledger/", "kocforum/home/demo/", "kocforum/home/seed"))
        or "management" in inside
    )


def test_rows_are_written_by_actions_and_the_ledger_alone():
    found = [
        f"{path}:{line} .{name}()"
        for path, tree in sources().items()
        if not may_write(path)
        for line, name in writes(tree)
    ]
    none_of(found)


def test_the_exceptions_of_these_rules_are_still_there():
    gone = [path for path in [*WRITERS, *LONG_FILES] if not (ROOT / path).exists()]
    none_of(gone)


BUSINESS = {"actions", "queries", "rules", "models", "facts", "enums"}
WEB = (
    "django.http",
    "django.shortcuts",
    "django.views",
    "django.template.response",
    "django.contrib.messages",
    "rest_framework",
)


def test_business_code_knows_no_request():
    found = []
    for path, tree in sources().items():
        if layer(path) not in BUSINESS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(WEB):
                found.append(f"{path}:{node.lineno} from {node.module}")
            elif isinstance(node, ast.Import) and any(alias.name.startswith(WEB) for alias in node.names):
                found.append(f"{path}:{node.lineno} import")
            elif isinstance(node, ast.arg) and node.arg == "request":
                found.append(f"{path}:{node.lineno} request")
    none_of(found)


def has_a_door(model: type[models.Model]) -> bool:
    return hasattr(model._default_manager.all(), "visible_to")


def test_what_people_write_has_a_door():
    """A model with people's texts or files has `visible_to` on its QuerySet, or belongs to a row of its app that has."""
    open_to_all = []
    for model in our_models():
        fields = model._meta.get_fields()
        content = [field for field in fields if isinstance(field, (models.TextField, models.FileField))]
        person = [
            field
            for field in fields
            if field.many_to_one and field.related_model._meta.label == settings.AUTH_USER_MODEL
        ]
        owners = [
            field.related_model
            for field in fields
            if (field.many_to_one or field.one_to_one) and not field.auto_created and not field.null
        ]
        if not content or not person or has_a_door(model):
            continue
        if not any(has_a_door(owner) and owner._meta.app_label == model._meta.app_label for owner in owners):
            open_to_all.append(model._meta.label)
    none_of(open_to_all)


def test_every_kind_of_fact_is_told_somewhere():
    called = {
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for path, tree in sources().items()
        if layer(path) != "facts"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
    }
    none_of([name for name in known_facts() if name.split(".")[1] not in called])


def actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions of the action modules that write in one transaction."""
    for path, tree in sources().items():
        if layer(path) != "actions":
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
                if "transaction.atomic" in decorators:
                    yield path, node


def test_an_action_takes_its_values_by_name():
    positional = [f"{path}:{node.lineno} {node.name}" for path, node in actions() if node.args.args or node.args.vararg]
    none_of(positional)


def test_an_action_says_what_it_does():
    none_of([f"{path}:{node.lineno} {node.name}" for path, node in actions() if not ast.get_docstring(node)])


def test_rows_send_no_signals_of_their_own():
    """What follows from a change is a fact and its handler; receivers answer the signals of libraries only."""
    of_rows = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and of_rows & {alias.name for alias in node.names}
    ]
    none_of(found)


def test_no_button_of_the_admin_asks_the_database_who_may():
    """A permission with a dot is looked up in a table by the system checks, which run before there are tables."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "permissions" and "." in ast.unparse(node.value)
    ]
    none_of(found)


def test_there_are_no_drawers():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    none_of([path for path in sources() if drawers & set(Path(path).with_suffix("").parts)])


def test_modules_stay_small():
    files = [*sources(), *(str(file.relative_to(ROOT)) for file in (ROOT / "bin").iterdir() if file.is_file())]
    lengths = {
        path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in files if path not in LONG_FILES
    }
    none_of([f"{path}: {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES])


@pytest.mark.parametrize("name", ["TODO", "FIXME", "XXX", "NotImplementedError", "coming soon", "敬请期待"])
def test_nothing_is_left_for_later(name):
    places = [*sources(), *(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))]
    none_of([path for path in places if name in (ROOT / path).read_text(encoding="utf-8")])
