"""How complete a record is: advice, never a gate."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.uploads.queries import attached_to

from ..models import Report


def missing_of(report: Report) -> list[dict[str, Any]]:
    """What would help most, each as {field, sentence}. Ten things count; `completeness` is how many are there."""
    seen = report.observation
    opening = report.thread.posts.get(number=1)
    there = {
        "vehicle": (bool(seen.vehicle_id or seen.model_name), _("Say which car it was.")),
        "software_version": (bool(seen.software_version), _("Add the software version that ran then.")),
        "occurred_at": (bool(seen.occurred_at), _("Say when it happened.")),
        "failure_mode": (bool(report.failure_mode_id), _("Say in which way it went.")),
        "place": (bool(report.venue or report.district), _("Say what kind of place it was.")),
        "conditions": (seen.conditions.count() >= 2, _("Tick the conditions that you saw, two or more.")),
        "attempts": (bool(seen.attempts), _("Count how often you tried.")),
        "signals": (bool(report.signals), _("Note odd signals, or that there were none.")),
        "narrative": (len(opening.body.strip()) >= 8, _("Tell it in your own words.")),
        "uploads": (bool(attached_to("post", [opening.pk])), _("Add a photo or a video.")),
    }
    return [{"field": name, "sentence": sentence} for name, (is_there, sentence) in there.items() if not is_there]


def completeness_of(report: Report) -> int:
    """0 to 10."""
    return 10 - len(missing_of(report))
