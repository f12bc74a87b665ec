"""Everything the house holds about a member, for that member: a ZIP of JSON, one file per registered section, and files.

An app gives its part in `AppConfig.ready`:

    register(lambda member: ("vehicles", ({"model": v.model_name, …} for v in cars_of(member))))
    register_files(lambda member: (("uploads/1.webp", file) for file in …))
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from .models import Member

Section = Callable[[Member], tuple[str, Iterable[dict[str, Any]]]]
Files = Callable[[Member], Iterable[tuple[str, IO[bytes]]]]
_sections: list[Section] = []
_files: list[Files] = []


def register(section: Section) -> Section:
    """Add a section: `section(member)` answers its name (a file name) and its rows of plain values."""
    if section not in _sections:
        _sections.append(section)
    return section


def register_files(files: Files) -> Files:
    """Add files: `files(member)` answers names inside the archive with open files, each closed when it has been copied."""
    if files not in _files:
        _files.append(files)
    return files


def archive(member: Member) -> IO[bytes]:
    """The ZIP, as an open file that is gone when it is closed. Rows and files are written as they come: no copy lies in memory."""
    packed = tempfile.TemporaryFile()  # noqa: SIM115  whoever asked for it closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for section in _sections:
            name, rows = section(member)
            with files.open(f"{name}.json", "w") as out:
                out.write(b"[")
                for number, row in enumerate(rows):
                    line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
                    out.write((",\n" if number else "\n").encode() + line.encode())
                out.write(b"\n]\n")
        for given in _files:
            for name, file in given(member):
                with file, files.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
                    shutil.copyfileobj(file, out)
    packed.seek(0)
    return packed


@register
def profile(member: Member) -> tuple[str, Iterable[dict[str, Any]]]:
    """The account itself."""
    fields = (
        "username", "display_name", "phone", "phone_verified_at", "email", "email_verified_at", "bio", "city", "language",
        "theme", "koc_level", "koc_reason", "koc_since", "role", "date_joined", "last_login",
    )  # fmt: skip
    return "profile", [{field: getattr(member, field) for field in fields}]


@register
def consents(member: Member) -> tuple[str, Iterable[dict[str, Any]]]:
    """What was accepted, and when."""
    rows = member.consents.select_related("agreement").order_by("at")
    return "consents", (
        {"kind": row.agreement.kind, "version": row.agreement.version, "at": row.at} for row in rows.iterator()
    )


@register
def bans(member: Member) -> tuple[str, Iterable[dict[str, Any]]]:
    """Times without the right to write."""
    return "bans", member.bans.order_by("at").values("reason", "at", "until", "lifted_at")
