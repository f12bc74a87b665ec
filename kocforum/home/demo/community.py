"""The community while it is being told: who and what there is so far, and what still happens, in order of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.files import File

from insights.models import Release, Ticket
from kocforum.forum.models import Board, Post, Report, Thread, Topic
from kocforum.garage.models import Vehicle
from kocforum.members.models import Member
from kocforum.notifications.actions import mark_read
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from tasks.models import Advice, Task

from . import clock, content
from .afterwards import at_once

Happening = Callable[[], object]


@dataclass(order=True)
class Event:
    """Something that one member (or nobody) did at a moment."""

    at: dt.datetime
    order: int
    by: str = field(compare=False)
    happens: Happening = field(compare=False)


class Community:
    """Rows by the keys of the texts; `plan` puts an event on the line, `live` lets all of them happen."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.members: dict[str, Member] = {}
        self.cars: dict[str, Vehicle] = {}
        self.boards: dict[str, Board] = {}
        self.threads: dict[str, Thread] = {}
        self.reports: dict[str, Report] = {}
        self.topics: dict[str, Topic] = {}
        self.said: dict[tuple[str, str], list[Post]] = {}
        self.replies: dict[tuple[str, str, str], Post] = {}
        self.tickets: dict[str, Ticket] = {}
        self.releases: dict[str, Release] = {}
        self.advice: dict[str, Advice] = {}
        self.tasks: dict[str, Task] = {}
        self.uploads: list[Upload] = []
        self._events: list[Event] = []

    def moment(self, text: str) -> dt.datetime:
        """When it was, for `"52 19:02"`."""
        return content.moment(text, self.today)

    def plan(self, at: str | dt.datetime, happens: Happening, by: str = "") -> None:
        """Let this happen then; of two at one moment the one planned first."""
        moment = self.moment(at) if isinstance(at, str) else at
        self._events.append(Event(moment, len(self._events), by, happens))

    def live(self, told: Callable[[int, int], None] = lambda done, of: None) -> None:
        """Let everything happen in order, each event at its time, and with it what follows from it (notices, sizes of pictures).

        Whoever does something has looked at the news before.
        """
        events = sorted(self._events)
        with at_once() as line:
            for done, event in enumerate(events, start=1):
                with clock.at(event.at):
                    if event.by in self.members:
                        mark_read(by=self.members[event.by])
                    event.happens()
                    line.run()
                told(done, len(events))

    def remember(self, key: str, post: Post) -> Post:
        """A post that later ones answer."""
        self.said.setdefault((key, post.author.username), []).append(post)
        return post

    def last_word(self, key: str, username: str) -> Post | None:
        """The newest post of somebody in a thread."""
        posts = self.said.get((key, username))
        return posts[-1] if posts else None

    def media(self, by: str, told: content.Table) -> list[int]:
        """Give the pictures and the film of a text, as a member does before posting."""
        files = [content.picture(photo["scene"]) for photo in told.get("photos", [])]
        if "video" in told:
            files.append(content.film(told["video"]))
        given = []
        for path in files:
            with path.open("rb") as file:
                given.append(receive(by=self.members[by], file=File(file, name=path.name)))
        self.uploads += given
        return [upload.pk for upload in given]

    def throw_files_away(self) -> None:
        """Files are not part of a transaction: when it is taken back, so are they."""
        for upload in self.uploads:
            storage, folder = upload.display.storage, upload.display.name.rpartition("/")[0]
            for name in storage.listdir(folder)[1]:
                storage.delete(f"{folder}/{name}")
