"""What the posters of reports and topics say."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kocforum.text import excerpt
from kocforum.ui.posters import Poster

from ..models import Report, Topic
from .river import StageView, river_of_reports, river_of_topics


def _stages(river: list[StageView]) -> list[tuple[str, bool]]:
    return [(stage.label, stage.state in {"done", "now"}) for stage in river]


def poster_of_report(report: Report, site: str) -> Poster:
    """A report: title, river, car and version, the first words."""
    seen = report.observation
    facts = [" · ".join(filter(None, [seen.model_name, str(seen.year or ""), seen.software_version]))]
    if seen.attempts:
        facts.append(_("%(worked)s of %(of)s attempts worked") % {"worked": seen.successes, "of": seen.attempts})
    return Poster(
        kicker=str(_("Report")),
        title=report.thread.title,
        url=f"{settings.SITE_URL}{report.get_absolute_url()}",
        site=site,
        words=excerpt(report.thread.posts.get(number=1).body, 160),
        facts=[fact for fact in facts if fact],
        stages=_stages(river_of_reports([report])[report.pk]),
    )


def poster_of_topic(topic: Topic, site: str) -> Poster:
    """A topic: title, river, the claim."""
    links = topic.links.filter(unlinked_at__isnull=True, report__in=Report.objects.counted()).count()
    facts = [ngettext("%(n)s report", "%(n)s reports", links) % {"n": links}]
    if topic.host:
        facts.append(_("Host %(host)s") % {"host": topic.host.name})
    return Poster(
        kicker=str(_("Common topic")),
        title=topic.title,
        url=f"{settings.SITE_URL}{topic.get_absolute_url()}",
        site=site,
        words=topic.claim,
        facts=[" · ".join(facts)],
        stages=_stages(river_of_topics([topic])[topic.pk]),
    )
