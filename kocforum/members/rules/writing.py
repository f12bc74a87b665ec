"""May this person write at all? Every rule of the apps above asks this first."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Value
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from kocforum.compiled import Compiled
from kocforum.errors import Forbidden

from ..models import Agreement, Ban, Consent, Member

_KEPT = "_may_write"


class MustFirst(Forbidden):
    """Writing waits for one step that this person can take: `url_name` is the page, `label` the words on its button."""

    def __init__(self, sentence: object, *, url_name: str, label: object) -> None:
        super().__init__(sentence)
        self.url_name = url_name
        self.label = label


def standing_ban(member: Member) -> Ban | None:
    """The ban that holds now and lasts longest."""
    bans = list(member.bans.standing())
    return max(bans, key=lambda ban: (ban.until is None, ban.until), default=None) if bans else None


def is_banned(member: Member) -> bool:
    """True while a ban holds."""
    return member.bans.standing().exists()


def can_write(member: Any) -> bool | Forbidden:
    """True for an active, verified member without a ban who accepted the current texts; else the refusal with its sentence.

    Remembered on the member object (one request has one), so that every button of a page may ask. No query for the member of a
    session against whom nothing stands, one for others.
    """
    if not getattr(member, "is_authenticated", False):
        return MustFirst(_("Please sign in first."), url_name="account_login", label=_("Sign in"))
    if not member.is_active or member.closed_at:
        return Forbidden(_("This account is closed."))
    if not member.is_verified:
        return MustFirst(
            _("Please confirm a mobile number or an e-mail address first; then you can write."),
            url_name="settings",
            label=_("Confirm now"),
        )
    if _KEPT not in member.__dict__:
        member.__dict__[_KEPT] = _asked(member)
    return member.__dict__[_KEPT]


def forget_writing(member: Member) -> None:
    """Drop the remembered answer; whoever changes a ban or a consent calls it."""
    member.__dict__.pop(_KEPT, None)
    member.stopped = True


@Compiled
def _against(member: Any, joined: Any, now: Any) -> QuerySet:
    bans = Ban.objects.standing(now).filter(member=member).values_list(Value("ban"), "pk")
    texts = Agreement.objects.filter(published_at__gt=joined, published_at__lte=now).values_list(Value("text"), "pk")
    return bans.union(texts, Consent.objects.filter(member=member).values_list(Value("given"), "agreement"))


def _asked(member: Member) -> bool | Forbidden:
    if not member.stopped:
        return True
    # Nearly always nothing stands against it: three plain lists in one query say so. Only who is banned, or
    # has a text of after the account not accepted, which may be one that another replaced, is asked about further.
    found: dict[str, set[int]] = {"ban": set(), "text": set(), "given": set()}
    for name, pk in _against(member=member.pk, joined=member.date_joined, now=timezone.now()):
        found[name].add(pk)
    if found["ban"] and (ban := standing_ban(member)):
        return Forbidden(_sentence_of(ban))
    if found["text"] - found["given"] and Agreement.objects.due_for(member).exists():
        return MustFirst(
            _(
                "The community agreement or the privacy notice has changed. Please read and accept it; then you can write."
            ),
            url_name="consents",
            label=_("Read and accept"),
        )
    return True


def _sentence_of(ban: Ban) -> str:
    if ban.until is None:
        return _("You may read but not write at present. Reason: %(reason)s") % {"reason": ban.reason}
    until = formats.date_format(timezone.localtime(ban.until), "DATETIME_FORMAT")
    return _("You may read but not write until %(until)s. Reason: %(reason)s") % {"until": until, "reason": ban.reason}
