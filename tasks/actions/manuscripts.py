"""Begin to write, and save what is being written, from any device, without losing a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from os.path import commonprefix

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.forum.actions.writing import LONGEST_BODY
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text
from kocforum.uploads.actions import attach
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import named_in

from ..enums import EntryState
from ..facts import EntryBegun
from ..models import Call, Entry, Manuscript, ManuscriptSave, RightsChange, Writer
from ..models.entries import ENTRIES_KIND
from ..queries.manuscripts import now_of
from ..rules.calls import can_begin, can_write_entry
from ..rules.scaffolds import skeleton

SAVES_KEPT = 100
ONE_SITTING = timedelta(minutes=10)  # saves of one person within it become one line of the history
SHRUNK = 0.8  # unless so much of the text is gone that somebody may want it back


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What its author lets be done with an entry: nothing that was not said."""

    quote_inside: bool = False
    quote_public: bool = False
    marketing: bool = False
    keep_when_left: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What the server has now: version and revision, and its words where they are not those that came (`aside` keeps those)."""

    version: int
    revision: int
    title: str
    body: str
    aside: ManuscriptSave | None = None


def begin_entry(*, by: Member, call: Call, rights: Rights) -> Entry:
    """Start to write, once: who began before gets what was begun. The rights are those of the author from the first word."""
    require(can_begin(by, call), _("You are not asked to write here."))
    mine = Entry.objects.filter(call=call, author=by).exclude(state=EntryState.WITHDRAWN)
    if found := mine.first():
        return found
    try:
        return _begin(by=by, call=call, rights=rights)
    except IntegrityError:
        return mine.get()


@transaction.atomic
def _begin(*, by: Member, call: Call, rights: Rights) -> Entry:
    said = vars(rights)
    entry = Entry.objects.create(call=call, author=by, **said)
    Writer.objects.create(entry=entry, member=by, accepted_at=timezone.now())
    Manuscript.objects.create(entry=entry, body=skeleton(call.scaffold), saved_by=by)
    RightsChange.objects.create(entry=entry, rights=said)
    record(EntryBegun(task_id=call.task_id, entry_id=entry.pk), by=by)
    return entry


@transaction.atomic
def save_manuscript(
    *,
    by: Member,
    entry: Entry,
    title: str,
    body: str,
    version: int,
    revision: int,
    uploads: Sequence[Upload | int] = (),
) -> Saved:
    """Keep what was typed. `version` and `revision` say from what it was written; where the server has something newer, the
    words that came are kept aside and both are shown: nothing is overwritten, and nothing is called saved that is not (L1).

    What was given meanwhile on another device does not come back as a draft (L3).
    """
    require(can_write_entry(by, entry), _("This is not yours to write."))
    title, body = clean_line(title)[:120], clean_text(body)
    if len(body) > LONGEST_BODY:
        raise Invalid({"body": _("This text is too long: 100,000 characters at most.")})
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    attach(by=by, uploads=[*uploads, *named_in(by, body)], kind=ENTRIES_KIND, object_id=entry.pk)
    here = now_of(entry)
    now, at = (here["title"], here["body"]), here["revision"]
    if (title, body) == now:
        return Saved(entry.version, at, title, body)
    if entry.version != version or at != revision:
        return Saved(entry.version, at, *now, aside=_lay_aside(by, entry, title, body, revision))
    values = {"title": title, "body": body, "revision": at + 1, "saved_at": timezone.now(), "saved_by": by}
    Manuscript.objects.update_or_create(entry=entry, defaults=values)
    # Where two texts met and this is the one that goes on, the other one keeps a line of its own in the history.
    _remember(by, entry, title, body, at + 1, anew=_settle(entry, title, body))
    return Saved(entry.version, at + 1, title, body)


def _lay_aside(by: Member, entry: Entry, title: str, body: str, revision: int) -> ManuscriptSave:
    """A page that goes on typing fills the row that it has; whatever would lose a letter gets a row of its own."""
    values = {"title": title, "body": body, "at": timezone.now()}
    mine = ManuscriptSave.objects.filter(entry=entry, by=by, aside=True, revision=revision)
    for row in mine.order_by("-id"):
        if _holds(body, row.body):
            mine.filter(pk=row.pk).update(**values)
            row.refresh_from_db()
            return row
    return ManuscriptSave.objects.create(entry=entry, by=by, aside=True, revision=revision, **values)


def _settle(entry: Entry, title: str, body: str) -> bool:
    """What lies aside goes when each of its words stands in the text that goes on. Whether another text was met since the last line of
    the history, which is then the one that does not go on."""
    aside = ManuscriptSave.objects.filter(entry=entry, aside=True)
    last = ManuscriptSave.objects.filter(entry=entry, aside=False).order_by("-revision").first()
    rows = list(aside)
    aside.filter(pk__in=[row.pk for row in rows if row.title in {"", title} and _holds(body, row.body)]).delete()
    return any(last is None or row.at >= last.at for row in rows)


def _holds(text: str, before: str) -> bool:
    """Whether a text is the one before with something put in at one place."""
    head = len(commonprefix([text, before]))
    tail = len(commonprefix([text[::-1], before[::-1]]))
    return head + tail >= len(before) <= len(text)


def _remember(by: Member, entry: Entry, title: str, body: str, revision: int, *, anew: bool = False) -> None:
    """The history, thinned: one line for a sitting, a hundred lines in all."""
    kept = ManuscriptSave.objects.filter(entry=entry, aside=False)
    last = kept.order_by("-revision").first()
    now = timezone.now()
    same_sitting = last and last.by_id == by.pk and now - last.at < ONE_SITTING and last.revision != 1
    if last and same_sitting and not anew and len(body) >= SHRUNK * len(last.body):
        kept.filter(pk=last.pk).update(title=title, body=body, revision=revision)
        return
    ManuscriptSave.objects.create(entry=entry, by=by, title=title, body=body, revision=revision)
    old = list(kept.order_by("-revision").values_list("pk", flat=True)[SAVES_KEPT:])
    ManuscriptSave.objects.filter(pk__in=old).delete()


@transaction.atomic
def drop_aside(*, by: Member, save: ManuscriptSave) -> None:
    """The other text is not needed: its words are in, or were not wanted."""
    require(can_write_entry(by, save.entry), _("This is not yours to write."))
    ManuscriptSave.objects.filter(pk=save.pk, aside=True).delete()
