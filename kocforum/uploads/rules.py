"""Who may upload, how much, and what one may do with one's own."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kocforum.errors import Forbidden
from kocforum.members.enums import Role
from kocforum.members.rules import can_write

from .models import Upload

MEGABYTE = 1024 * 1024
LIMITS: dict[str, int] = {
    "IMAGE_BYTES": 20 * MEGABYTE,
    "IMAGE_PIXELS": 50_000_000,
    "VIDEO_BYTES": 200 * MEGABYTE,
    "VIDEO_SECONDS": 180,
    "VIDEO_PIXELS": 4096 * 2304,
    "PDF_BYTES": 10 * MEGABYTE,
    "PDF_PAGES": 10,
    "PDF_SECONDS": 5,
    "PDF_WAIT": 6,
    "PDF_HEAVY": 3,
    "PDF_MEMORY": 768 * MEGABYTE,
    "PER_THING": 20,
    "LOOSE_PER_MEMBER": 60,
    "LOOSE_HOURS": 48,
}


def limit(name: str) -> int:
    """A limit by name, as `settings.UPLOADS` has it or as the house does."""
    return getattr(settings, "UPLOADS", {}).get(name, LIMITS[name])


def can_upload(member) -> bool | Forbidden:
    """Everyone who may write, up to a pile of files that nobody uses."""
    allowed = can_write(member)
    if allowed is not True:
        return allowed
    if Upload.objects.filter(owner=member).loose().count() >= limit("LOOSE_PER_MEMBER"):
        return Forbidden(_("Too many files are waiting to be used. Post or remove some of them first."))
    return True


def can_detach(member, upload: Upload) -> bool:
    """The one who gave it, and community operators."""
    return upload.owner_id == member.pk or member.has_role(Role.OPERATOR)


def can_discard(member, upload: Upload) -> bool:
    """Only the one who gave it."""
    return upload.owner_id == member.pk
