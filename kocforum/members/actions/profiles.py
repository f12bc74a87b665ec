"""What a member says about themselves, and how they like the pages."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Forbidden, Invalid, require
from kocforum.ledger.recording import record

from ..facts import ProfileEdited
from ..models import Member
from ..rules import imitates_staff, trouble_with_display_name
from ..rules.names import tidy

_THEMES = ("", "light", "dark")


@transaction.atomic
def edit_profile(
    *,
    by: Member,
    display_name: str | None = None,
    bio: str | None = None,
    city: str | None = None,
    language: str | None = None,
    theme: str | None = None,
) -> Member:
    """Change the own profile; what is left out stays. How pages look may be changed even while banned."""
    require(by.is_active and by.closed_at is None, _("This account is closed."), Forbidden)
    said = {"display_name": display_name, "bio": bio, "city": city, "language": language, "theme": theme}
    values = {
        field: tidy(value) if field in {"display_name", "city"} else value.strip()
        for field, value in said.items()
        if value is not None
    }
    changed = {field: value for field, value in values.items() if value != getattr(by, field)}
    if wrong := _wrong(by, changed):
        raise Invalid(wrong)
    if changed:
        Member.objects.filter(pk=by.pk).update(**changed)
        for field, value in changed.items():
            setattr(by, field, value)
        record(ProfileEdited(member_id=by.pk, fields=sorted(changed)), by=by)
    return by


def _wrong(by: Member, changed: dict[str, str]) -> dict[str, object]:
    wrong: dict[str, object] = {}
    for field in ("display_name", "bio", "city"):
        longest = Member._meta.get_field(field).max_length or 0
        if len(changed.get(field, "")) > longest:
            wrong[field] = _("At most %(count)s characters.") % {"count": longest}
    name = changed.get("display_name", "")
    if name and "display_name" not in wrong:
        trouble = trouble_with_display_name(name, staff=by.is_staff)
        if not trouble and imitates_staff(name, by):
            trouble = _("Somebody of the staff goes by this name. Choose another one.")
        if trouble:
            wrong["display_name"] = trouble
    if changed.get("language") not in {None, "", *dict(settings.LANGUAGES)}:
        wrong["language"] = _("This language is not available.")
    if changed.get("theme") not in {None, *_THEMES}:
        wrong["theme"] = _("This theme is not available.")
    return wrong
