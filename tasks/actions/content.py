"""What the content check of the house says of words in a call."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.forum.enums import ContentVerdict
from kocforum.forum.queries.moderation import check


def wants_a_look(*texts: str, field: str = "body") -> bool:
    """Whether a moderator looks at it first. Words that are not allowed raise Invalid, at the field where they stand."""
    verdict = check(*texts)
    if verdict == ContentVerdict.REFUSE:
        raise Invalid({field: _("This text has words that are not allowed here. Please put it differently.")})
    return verdict == ContentVerdict.REVIEW
