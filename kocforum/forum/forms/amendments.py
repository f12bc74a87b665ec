"""One field of a report, edited alone."""

from __future__ import annotations

from typing import Any

from django import forms

from kocforum.uploads.forms import UploadsForm

from ..actions.observations import conditions_of
from ..models import Dimension, Report
from .reports import ReportForm, modes_for

# What a page edits together, by the name of the field that the history shows.
GROUPS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "narrative": ("narrative",),
    "function": ("function", "function_other"),
    "failure_mode": ("failure_mode",),
    "occurred_at": ("occurred_at",),
    "precision": ("precision",),
    "vehicle": ("vehicle",),
    "software_version": ("software_version",),
    "counts": ("failures", "successes", "outcome"),
    "signals": ("signals", "signals_other"),
    "severity": ("severity",),
    "place": ("district", "venue"),
    "tried": ("tried",),
    "uploads": ("new_uploads",),
}


class AmendForm(ReportForm):
    """The capture form cut down to one field (or one dimension group, "conditions")."""

    def __init__(self, *args: Any, report: Report, field: str, **kwargs: Any) -> None:
        self.report, self.field = report, field
        opening = report.thread.posts.get(number=1)
        kwargs["initial"] = {**_initial(report), **kwargs.get("initial", {})}
        super().__init__(*args, chosen=report.function, part_of=("post", opening.pk), **kwargs)
        keep = (
            {f"cond_{dimension.slug}" for dimension in self.dimensions} if field == "conditions" else set(GROUPS[field])
        )
        for name in list(self.fields):
            if name not in keep:
                del self.fields[name]
        if "failure_mode" in self.fields:
            self.fields["failure_mode"].choices = modes_for(report.function)

    def clean(self) -> dict[str, Any]:
        if self.field == "function":
            return super().clean()
        if self.field == "uploads":
            return UploadsForm.clean(self)
        return forms.Form.clean(self) or self.cleaned_data

    def value(self) -> Any:
        """The value for `amend_report`."""
        said = self.cleaned_data
        if self.field == "conditions":
            return self.conditions()
        if self.field == "counts":
            return {**self.counts(), "outcome": said.get("outcome") or ""}
        if self.field == "place":
            return {"district": said["district"], "venue": said["venue"]}
        if self.field == "signals":
            return [*said["signals"], *([said["signals_other"]] if said["signals_other"] else [])]
        if self.field == "tried":
            return [word for word in said["tried"].replace("，", ",").replace("、", ",").split(",") if word.strip()]
        return said[self.field]


def _initial(report: Report) -> dict[str, Any]:
    seen = report.observation
    known = {choice for choice, _label in ReportForm.base_fields["signals"].choices}
    initial = {
        "title": report.thread.title if report.title_is_own else "",
        "narrative": report.thread.posts.get(number=1).body,
        "function": report.function.slug,
        "failure_mode": report.failure_mode.slug if report.failure_mode_id else "",
        "occurred_at": seen.occurred_at,
        "precision": seen.precision,
        "vehicle": seen.vehicle_id,
        "software_version": seen.software_version,
        "failures": seen.failures,
        "successes": seen.successes,
        "outcome": seen.outcome,
        "signals": [signal for signal in report.signals if signal in known],
        "signals_other": next((signal for signal in report.signals if signal not in known), ""),
        "severity": report.severity,
        "district": report.district,
        "venue": report.venue,
        "tried": "，".join(said["action"] for said in report.tried),
    }
    several = set(Dimension.objects.filter(several=True).values_list("slug", flat=True))
    for dimension, values in conditions_of(seen).items():
        initial[f"cond_{dimension}"] = values if dimension in several else values[0]
    return initial
