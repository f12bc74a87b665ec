"""What news of the forum say, in the reader's language. `params` are those of the fact, the title as it stands, and `name`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..enums import FlagReason, FlagState, ModerationAct, OfficialStatus

Params = Mapping[str, Any]


def reply(params: Params, count: int) -> str:
    return _("%(name)s answered you in “%(title)s”") % params


def follow(params: Params, count: int) -> str:
    if count == 1:
        return _("%(name)s wrote in “%(title)s”") % params
    return ngettext("%(count)d new answer in “%(title)s”", "%(count)d new answers in “%(title)s”", count) % {
        **params,
        "count": count,
    }


def official(params: Params, count: int) -> str:
    return _("The brand answered in “%(title)s”") % params


def corroborated(params: Params, count: int) -> str:
    if count == 1:
        return _("%(name)s answered your report “%(title)s” with their own car") % params
    return ngettext(
        "%(count)d owner answered your report “%(title)s”", "%(count)d owners answered your report “%(title)s”", count
    ) % {**params, "count": count}


def verified(params: Params, count: int) -> str:
    if count == 1:
        return _("%(name)s told how it is on %(version)s: “%(title)s”") % params
    return ngettext(
        "%(count)d owner told how it is now: “%(title)s”", "%(count)d owners told how it is now: “%(title)s”", count
    ) % {**params, "count": count}


def host_invited(params: Params, count: int) -> str:
    return _("Three owners have spoken on “%(title)s”. Would you host it as a common topic?") % params


def host_appointed(params: Params, count: int) -> str:
    return _("You host the topic “%(title)s” now") % params


def linked(params: Params, count: int) -> str:
    if count == 1:
        return _("Your report is part of the common topic “%(title)s” now") % params
    return ngettext(
        "%(count)d of your reports is part of the common topic “%(title)s” now",
        "%(count)d of your reports are part of the common topic “%(title)s” now",
        count,
    ) % {**params, "count": count}


def question(params: Params, count: int) -> str:
    return _("%(name)s, host of “%(title)s”, has a question for you") % params


def question_answered(params: Params, count: int) -> str:
    return _("%(name)s answered your question for “%(title)s”") % params


def status(params: Params, count: int) -> str:
    return _("“%(title)s”: %(status)s") % {**params, "status": OfficialStatus(params["status"]).label}


def held(params: Params, count: int) -> str:
    return _("A report of injury or fire waits for you: “%(title)s”") % params


def flagged(params: Params, count: int) -> str:
    if count == 1:
        reason = FlagReason(params["reason"]).label
        return _("A post in “%(title)s” was flagged: %(reason)s") % {**params, "reason": reason}
    return ngettext(
        "A post in “%(title)s” was flagged by %(count)d member",
        "A post in “%(title)s” was flagged by %(count)d members",
        count,
    ) % {**params, "count": count}


def flag_resolved(params: Params, count: int) -> str:
    if params["state"] == FlagState.UPHELD:
        return (
            _("The post in “%(title)s” that you flagged was taken down. Thank you for looking after this place.")
            % params
        )
    return _("We looked at the post in “%(title)s” that you flagged, and it stays. Thank you for telling us.") % params


def hidden(params: Params, count: int) -> str:
    if params["act"] == ModerationAct.REFUSE:
        return _("Your post in “%(title)s” was not let through. Reason: %(reason)s") % params
    return _("Your post in “%(title)s” was taken down. Reason: %(reason)s") % params


def restored(params: Params, count: int) -> str:
    return _("Your post in “%(title)s” can be read again") % params


def waiting(params: Params, count: int) -> str:
    return _("Your post in “%(title)s” waits for a moderator before others see it") % params


def approved(params: Params, count: int) -> str:
    return _("Your post in “%(title)s” was let through and can be read now") % params
