"""Reads the texts of the demo community. Days in them count back from the day of loading, so that it is always fresh."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent
SCENES = FOLDER / "scenes"
ZONE = ZoneInfo("Asia/Shanghai")

Table = dict[str, Any]


def read(name: str) -> Table:
    """One file beside this module: catalogue, boards, people, topics, loops."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def read_all(folder: str) -> dict[str, Table]:
    """The stories of a folder (reports, talks) by key, which is the name of the file."""
    return {path.stem: read(f"{folder}/{path.stem}") for path in sorted((FOLDER / folder).glob("*.toml"))}


def moment(text: str, today: dt.date) -> dt.datetime:
    """`"52 19:02"`: 52 days before today, at 19:02 in Shanghai."""
    days, clock = text.split()
    return dt.datetime.combine(day(int(days), today), dt.time.fromisoformat(clock), ZONE)


def day(days_ago: int, today: dt.date) -> dt.date:
    """That many days before today."""
    return today - dt.timedelta(days=days_ago)


def conditions(table: Table) -> dict[str, list[str]]:
    """Dimension to values; one value may be written without a list."""
    observed = table.get("conditions", {})
    return {slug: [value] if isinstance(value, str) else list(value) for slug, value in observed.items()}


def picture(scene: str) -> Path:
    """The rendered picture of a scene."""
    return SCENES / f"{scene}.jpg"


def film(name: str) -> Path:
    """A short video of a scene."""
    return SCENES / f"{name}.mp4"
