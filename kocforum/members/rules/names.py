"""Names that people can trust: no invisible letters, no look-alikes, nobody who plays the staff."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from ..models import Member

# One alphabet that everybody can read and type; other scripts hold the look-alikes (Cyrillic а, Greek ο).
_READABLE = re.compile(
    "["
    "A-Za-z0-9_.·\\- "
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"  # Latin letters with marks
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"  # Han
    "\u3040-\u30ff\uac00-\ud7a3"  # kana, Hangul
    "]+"
)
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\ufe0f\U0001f300-\U0001faff]")
# As the reader's eye takes them, after NFKC and lower case.
_LOOKS_LIKE = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "@": "a", "_": "", "-": "", ".": "", "·": "", " ": ""}
)
_STAFF_WORDS = (
    "官方", "管理员", "版主", "客服", "运营", "工作人员", "车主回声", "小助手", "管理組", "管理组", "官號", "官号",
    "official", "admin", "administrator", "moderator", "support", "staff", "customerservice", "ownersecho", "kocforum",
)  # fmt: skip
_RESERVED = frozenset(
    [
        "me",
        "all",
        "everyone",
        "root",
        "system",
        "null",
        "none",
        "undefined",
        "anonymous",
        "guest",
        "deleted",
        "former",
        "匿名",
        "系统",
        "游客",
        "已注销车主",
    ]
)


def tidy(name: str) -> str:
    """The one written form of a name: NFKC (full-width letters become plain), single spaces, no edges."""
    return " ".join(unicodedata.normalize("NFKC", name or "").split())


def skeleton(name: str) -> str:
    """What a quick eye sees: two names with one skeleton can be taken for each other."""
    plain = unicodedata.normalize("NFKD", tidy(name).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LOOKS_LIKE)


def plays_staff(name: str) -> bool:
    """True for a name that reads as if the brand were speaking."""
    seen = skeleton(name)
    return any(skeleton(word) in seen for word in _STAFF_WORDS)


def trouble_with_user_name(name: str, *, staff: bool = False) -> str:
    """Why this user name cannot be had, or "". Uniqueness is the database's business."""
    if len(name) < 2:
        return _("Use at least two characters.")
    if name != tidy(name) or " " in name or not _READABLE.fullmatch(name):
        return _("Use Chinese or Latin letters, digits, hyphen, dot and underscore only.")
    if re.fullmatch(r"[\d.\-_]+", name):
        return _("A user name needs a letter, so that nobody takes it for a phone number.")
    if name.startswith((".", "-")) or name.endswith("."):
        return _("A user name starts with a letter or a digit.")
    if not staff and (name.casefold() in _RESERVED or plays_staff(name)):
        return _("This name is kept for the house. Choose another one.")
    return ""


def trouble_with_display_name(name: str, *, staff: bool = False) -> str:
    """Why this display name cannot be shown, or "". Spaces and emoji are welcome, tricks are not."""
    without_emoji = _EMOJI.sub("", name)
    if name and not without_emoji.strip():
        return _("A name needs a letter as well.")
    if without_emoji and not _READABLE.fullmatch(without_emoji):
        return _("Use Chinese or Latin letters, digits and emoji only.")
    if not staff and plays_staff(name):
        return _("This name is kept for the house. Choose another one.")
    return ""


def imitates_staff(name: str, member: Member | None = None) -> bool:
    """True when somebody of the staff goes by a name that looks like this one."""
    seen = skeleton(name)
    staff = Member.objects.filter(is_staff=True, is_active=True)
    if member is not None and member.pk:
        staff = staff.exclude(pk=member.pk)
    shown = staff.values_list("display_name", "username")
    return bool(seen) and any(seen in {skeleton(display), skeleton(user)} for display, user in shown)
