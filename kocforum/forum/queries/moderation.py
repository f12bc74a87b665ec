"""What the content check says, and what waits for moderators."""

from __future__ import annotations

import logging
import unicodedata

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

from kocforum.ledger.models import Subject

from ..enums import ContentVerdict
from ..models import ContentRule, ModerationEntry, Post

log = logging.getLogger("kocforum.forum")

RULES_KEY = "forum.content-rules"
PUBLISHING = tuple(
    f"forum.{name}" for name in ("ThreadOpened", "PostWritten", "ReportTold", "ReportCorroborated", "VerificationTold")
)


def _rules() -> list[tuple[str, str]]:
    rules = cache.get(RULES_KEY)
    if rules is None:
        rules = [(_folded(phrase), verdict) for phrase, verdict in ContentRule.objects.values_list("phrase", "verdict")]
        cache.set(RULES_KEY, rules, 60)
    return rules


def _folded(text: str) -> str:
    """Half width, one case, no blanks or joiners between characters: spacing a word out does not hide it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in folded if not mark.isspace() and unicodedata.category(mark) != "Cf")


def forget_rules() -> None:
    """The word list changed; other processes notice within a minute."""
    cache.delete(RULES_KEY)


def check(*texts: str) -> str:
    """What the content check of this deployment says (settings.CONTENT_CHECK). One that fails lets nothing through unseen."""
    try:
        return ContentVerdict(import_string(settings.CONTENT_CHECK)(*texts))
    except Exception:
        log.exception("The content check failed; the text waits for a moderator.")
        return ContentVerdict.REVIEW


def publishing_facts(post: Post) -> list[int]:
    """The facts that told a post to the world: none while it never could be read."""
    told = Subject.objects.filter(kind="post", object_id=post.pk, fact__name__in=PUBLISHING)
    return list(told.values_list("fact_id", flat=True))


def was_published(post: Post) -> bool:
    """Whether a post could be read before."""
    return bool(publishing_facts(post))


def last_act() -> int:
    """The number of the newest act of moderation: what is kept for everybody holds only until the next one."""
    return ModerationEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def verdict_on(*texts: str) -> str:
    """The strictest verdict of the word list over these texts."""
    folded = _folded("\n".join(texts))
    found = {verdict for phrase, verdict in _rules() if phrase and phrase in folded}
    for verdict in (ContentVerdict.REFUSE, ContentVerdict.REVIEW):
        if verdict in found:
            return verdict
    return ContentVerdict.PASS
