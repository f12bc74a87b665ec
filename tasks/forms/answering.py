"""One page of a survey as a form. Made without `data` it shows what is kept; with it, what was typed and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import takeable

from ..enums import QuestionType
from ..rules.answers import MOST_PHOTOS, Wrong, take
from ..rules.questionnaire import WORDS, Item, Questionnaire
from .asked import Asked
from .posted import name_of, posted, posted_words


class PageForm:
    """`asked`: the questions of the page. `answers`: what was typed for them, as the actions take it, None for nothing.

    `by` and `photos_of` (kind and number of the thing whose photos may stay) are needed where photos are asked for.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        *,
        page: int = 1,
        answers: Mapping[str, Any] | None = None,
        seed: int = 0,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        by: Any = None,
        photos_of: tuple[str, int | None] = ("", None),
        pictures: Mapping[tuple[str, str], Upload] | None = None,
        changed: Collection[str] = (),
    ) -> None:
        self.questionnaire, self.page, self.seed = questionnaire, page, seed
        self.data, self.files, self.by, self.photos_of = data, files, by, photos_of
        self.pictures = pictures or {}
        self.changed = changed
        before = dict(answers or {})
        self.problems: dict[str, str] = {}
        self._photos: dict[str, list[Upload]] = {}
        self.answers = self._typed(before) if data is not None else {}
        self._given = {**before, **self.answers}
        self.asked = self._asked()

    @property
    def pages(self) -> list[int]:
        """Pages to which the answers so far lead."""
        return sorted({item.page for item in self.questionnaire.walk(self._given)})

    @property
    def following(self) -> list[int]:
        return [page for page in self.pages if page > self.page]

    @property
    def previous(self) -> list[int]:
        return [page for page in self.pages if page < self.page]

    @property
    def place(self) -> int:
        """Which of the pages this is, from 1."""
        return len(self.previous) + 1

    @property
    def unseen(self) -> list[str]:
        """Questions of this page to which what was typed leads and that were not shown when it was typed."""
        seen = set(self.data.getlist("seen")) if self.data is not None else set()
        return [one.item.key for one in self.asked if one.shown and one.item.key not in seen]

    @property
    def wrong(self) -> list[Asked]:
        return [one for one in self.asked if one.problem]

    def show_all(self) -> None:
        """For a preview: what only certain answers lead to as well."""
        there = {one.item.key for one in self.asked}
        for item in self.questionnaire.items:
            if item.page == self.page and item.key not in there:
                self.asked.append(self._one(item, shown=True))
        order = [item.key for item in self.questionnaire.items]
        self.asked.sort(key=lambda one: order.index(one.item.key))
        for one in self.asked:
            one.shown = True

    def refuse(self, problems: Mapping[str, Any]) -> None:
        """Sentences by question that an action found against the answers."""
        for one in self.asked:
            if said := problems.get(one.item.key):
                one.problem = said if isinstance(said, str) else " ".join(map(str, said))

    def _typed(self, before: dict[str, Any]) -> dict[str, Any]:
        """What the page sent, taken one after the other: a condition looks at what stands above it.

        What is no answer is left out, so that a draft keeps what stood there before.
        """
        kept: dict[str, Any] = {}
        wrong: dict[str, None] = {}
        for item in self.questionnaire.items:
            if item.page != self.page:
                continue
            reached = item in list(self.questionnaire.walk({**before, **kept, **wrong}))
            words = posted_words(item, self.data)
            try:
                kept[item.key], own_words = take(item, self._value(item), words)
            except Wrong as error:
                wrong[item.key] = None
                self.problems.setdefault(item.key, str(error))
                continue
            if item.wordy:
                kept[item.key + WORDS] = own_words or None
            if reached and item.required and kept[item.key] is None:
                self.problems.setdefault(item.key, _("This one is needed."))
        return kept

    def _value(self, item: Item) -> Any:
        if item.type != QuestionType.PHOTO:
            return posted(item, self.data, self.seed)
        self._photos[item.key] = self._received(item)
        return [photo.pk for photo in self._photos[item.key]]

    def _received(self, item: Item) -> list[Upload]:
        """Photos kept from before and new ones; a file that is refused says why and the others stay."""
        name = name_of(item)
        dropped = set(self.data.getlist(f"{name}.drop"))
        numbers = [int(one) for one in self.data.getlist(f"{name}.kept") if one.isdecimal() and one not in dropped]
        kind, number = self.photos_of
        kept = takeable(self.by, numbers, kind=kind, number=number) if numbers else []
        for file in self.files.getlist(name) if self.files else []:
            if len(kept) >= MOST_PHOTOS:
                self.problems[item.key] = _("%(most)s photos at most.") % {"most": MOST_PHOTOS}
                break
            try:
                kept.append(receive(by=self.by, file=file))
            except Refused as refused:
                self.problems[item.key] = str(refused)
        return kept

    def _asked(self) -> list[Asked]:
        """What is reached, and what an answer on this very page may lead to."""
        reached = {item.key for item in self.questionnaire.walk(self._given)}
        possible = set(reached)
        here: list[Asked] = []
        for item in self.questionnaire.items:
            if item.page != self.page:
                continue
            awaits = item.show_if and item.show_if["key"] in {one.item.key for one in here}
            if item.key not in possible and not awaits:
                continue
            here.append(self._one(item, shown=item.key in reached))
        return here

    def _one(self, item: Item, *, shown: bool) -> Asked:
        typed = self.data is not None
        wrong = self.problems.get(item.key, "") if shown else ""
        value = self._given.get(item.key)
        if typed and wrong and item.type != QuestionType.PHOTO:
            value = posted(item, self.data, self.seed)
        words = posted_words(item, self.data) if typed else self._given.get(item.key + WORDS) or ""
        return Asked(
            item=item,
            text=self.questionnaire.said(item, self._given),
            seed=self.seed,
            value=value,
            words=words,
            problem=wrong,
            shown=shown,
            changed=item.key in self.changed,
            pictures={key: found for (question, key), found in self.pictures.items() if question == item.key},
            photos=self._kept_photos(item, value),
        )

    def _kept_photos(self, item: Item, value: Any) -> list[Upload]:
        if item.type != QuestionType.PHOTO or not value:
            return []
        if item.key in self._photos:
            return self._photos[item.key]
        kind, number = self.photos_of
        return takeable(self.by, value, kind=kind, number=number)
