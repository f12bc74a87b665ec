"""The draft of a distilled report, made of nothing but the frozen copy. A person edits and signs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kocforum.forum.models import DimensionValue
from kocforum.garage.models import FailureMode, Function
from tasks.queries.results import ahead

from ..queries.surveys import shares_of
from ..rules.words import claim_of_cause

MOST_CONDITIONS = 6
FEWEST_CASES = 3
MOST_QUOTES = 3
LONGEST_QUOTE = 120


def draft_of(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """`findings` (each citing reports, surveys, quotes or rooms) and `counter_examples`, in the house's first language; the other parts are a person's."""
    with translation.override(settings.LANGUAGE_CODE):
        return {"findings": _findings(snapshot), "counter_examples": _counter_examples(snapshot)}


def _failing(row: Mapping[str, Any]) -> bool:
    return row["outcome"] in {"failed", "mixed"}


def _findings(snapshot: Mapping[str, Any]) -> list[dict[str, Any]]:
    reports, surveys, quotes = snapshot["reports"], snapshot.get("surveys", []), snapshot.get("quotes", [])
    rooms = snapshot.get("rooms", [])
    if not reports and not surveys and not quotes and not rooms:
        return [
            {"text": _("In the owners' words: “%(words)s”") % {"words": passage["text"][:LONGEST_QUOTE]}, "reports": []}
            for passage in snapshot["passages"][:MOST_QUOTES]
        ]
    said = _of_reports(reports, snapshot["lens"]) if reports else []
    return [*said, *_of_surveys(surveys), *_of_quotes(quotes), *_of_rooms(rooms)]


def _of_reports(reports: Sequence[Mapping[str, Any]], lens: Mapping[str, Any]) -> list[dict[str, Any]]:
    everyone = [report["id"] for report in reports]
    found = [
        {
            "text": _("%(function)s: it failed for %(failing)s of %(cases)s cars, %(owners)s owners told.")
            % {
                "function": _function_name(reports),
                "failing": lens["failing"],
                "cases": lens["cases"],
                "owners": lens["owners"],
            },
            "reports": everyone,
        }
    ]
    versions = sorted({row["software_version"] for row in reports if row["software_version"]})
    if versions:
        found.append(
            {
                "text": _("Seen on the versions %(versions)s.") % {"versions": _(", ").join(versions)},
                "reports": [report["id"] for report in reports if report["software_version"]],
            }
        )
    found += _of_conditions(reports, lens["conditions"])
    found += [
        {"text": _("In the owner's words: “%(words)s”") % {"words": words}, "reports": [report["id"]]}
        for report, words in _quotes(reports)
    ]
    return found


def _function_name(reports: Sequence[Mapping[str, Any]]) -> str:
    function = Function.objects.filter(slug=reports[0]["function"]).first()
    mode = FailureMode.objects.filter(slug=reports[0]["failure_mode"]).first()
    one_mode = len({report["failure_mode"] for report in reports}) == 1
    return f"{function or reports[0]['function']}{mode if mode and one_mode else ''}"


def _of_conditions(reports: Sequence[Mapping[str, Any]], cells: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = {
        (row.dimension.slug, row.slug): f"{row.dimension} {row}"
        for row in DimensionValue.objects.select_related("dimension")
    }
    strongest = sorted(cells, key=lambda cell: (-cell["with"][0], cell["dimension"], cell["value"]))
    said = []
    for cell in strongest[:MOST_CONDITIONS]:
        key = (cell["dimension"], cell["value"])
        citing = [row["id"] for row in reports if cell["value"] in row["conditions"].get(cell["dimension"], [])]
        if not cell["with"][0] or not citing or sum(cell["with"]) + sum(cell["without"]) < FEWEST_CASES:
            continue
        said.append(
            {
                "text": _("%(condition)s: %(failing)s of %(all)s failed; without it %(other)s of %(others)s.")
                % {
                    "condition": names.get(key, " ".join(key)),
                    "failing": cell["with"][0],
                    "all": sum(cell["with"]),
                    "other": cell["without"][0],
                    "others": sum(cell["without"]),
                },
                "reports": citing,
            }
        )
    return said


def _of_surveys(surveys: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was chosen most, of how many, how sure that is. Words that claim a cause are no finding, even as an option."""
    found = []
    for survey in surveys:
        for question in survey["questions"]:
            first, *_rest = shares_of(question) or [None]
            if first is None or not first["count"]:
                continue
            text = _(
                "In a poll of %(base)s owners (“%(question)s”), %(count)s of %(base)s chose “%(option)s” "
                "(%(low)s–%(high)s %%, 95 %% interval)."
            ) % {**first, "base": question["base"], "question": question["text"], "option": first["label"]}
            if not claim_of_cause(text):
                found.append({"text": text, "reports": [], "surveys": [survey["id"]]})
    return found


def _of_quotes(quotes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was told at length, in our own words; a paraphrase that claims a cause is no finding."""
    found = []
    for quote in quotes:
        text = _("Told at length in “%(title)s”: %(paraphrase)s") % quote
        if not claim_of_cause(text):
            found.append({"text": text, "reports": [], "quotes": [quote["id"]]})
    return found


def _of_rooms(rooms: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a room chose or promised, with its votes in two lanes."""
    found = []
    for row in rooms:
        text = _("In the room “%(room)s”, with %(owners)s votes of owners and %(staff)s of the brand: %(title)s") % row
        if not claim_of_cause(text):
            found.append({"text": text, "reports": [], "rooms": [row["id"]]})
    return found


def _close_calls(surveys: Sequence[Mapping[str, Any]]) -> list[str]:
    """Leads that are no larger than what chance gives, a sentence each."""
    said = []
    for survey in surveys:
        for question in survey["questions"]:
            first, second, *_rest = [*shares_of(question), None, None]
            if first and second and first["count"] and not ahead(first["count"], second["count"]):
                sentence = _(
                    "In survey %(id)s “%(first)s” (%(a)s) and “%(second)s” (%(b)s) lie too close together to tell which leads."
                ) % {
                    "id": survey["id"],
                    "first": first["label"],
                    "a": first["count"],
                    "second": second["label"],
                    "b": second["count"],
                }
                said += [] if claim_of_cause(sentence) else [sentence]
    return said


def _quotes(reports: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], str]]:
    """Up to three, each under other conditions than those before it."""
    chosen, seen = [], []
    for report in reports:
        words = " ".join(report["words"].split())
        if words and report["conditions"] not in seen and not claim_of_cause(words):
            seen.append(report["conditions"])
            chosen.append((report, words[:LONGEST_QUOTE] + ("…" if len(words) > LONGEST_QUOTE else "")))
    return chosen[:MOST_QUOTES]


def _counter_examples(snapshot: Mapping[str, Any]) -> str:
    """Cars that tell the opposite of what most told, and leads in surveys that may be chance."""
    said = [*_opposite(snapshot), *_close_calls(snapshot.get("surveys", []))]
    return "\n".join(said) or _("None found.")


def _opposite(snapshot: Mapping[str, Any]) -> list[str]:
    lens = snapshot["lens"]
    mostly_fine = lens["fine"] > lens["failing"]

    def opposite(row: Mapping[str, Any]) -> bool:
        return bool(row["outcome"]) and _failing(row) == mostly_fine

    which = [
        *(_("report %(id)s") % {"id": row["id"]} for row in snapshot["reports"] if opposite(row)),
        *(
            _("an answer to report %(id)s") % {"id": row["report"]}
            for row in snapshot["corroborations"]
            if opposite(row)
        ),
    ]
    if not which:
        return []
    said = ngettext("%(n)s car tells the opposite: %(which)s.", "%(n)s cars tell the opposite: %(which)s.", len(which))
    return [said % {"n": len(which), "which": _(", ").join(which)}]
