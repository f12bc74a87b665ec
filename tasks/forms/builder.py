"""A survey of several questions as a form: the shared brief, the promises, quotas over people, and the questions as rows.

A button says what it does (`do`): add, move, copy or remove a question, add or remove an option, read questions from JSON or the
bank. Each redraws the page with everything that was typed; only "save" goes to the action.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kocforum.errors import Invalid, Refused
from kocforum.members.enums import KocLevel
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import takeable

from ..actions.instruments import Cell
from ..actions.surveys import Terms
from ..enums import Privacy, QuestionType, ResultsPromise
from ..models import BankQuestion
from ..rules.notation import Unreadable, from_data
from ..rules.questionnaire import Item, problems_of
from .question_rows import (
    OptionRow,
    QuestionRow,
    free_name,
    guesses_of,
    items_of,
    name_keys,
    new_row,
    rows_from,
    rows_of,
)
from .tasks import BriefForm

CELLS = 6
LARGEST_IMPORT = 500_000


class BuilderForm(BriefForm):
    """`rows`: the questions as they stand now. Made unbound with the rows of a draft, bound with what a page posted."""

    privacy = forms.ChoiceField(
        label=_("What becomes of the name"),
        choices=Privacy.choices,
        widget=forms.RadioSelect,
        initial=Privacy.CONFIDENTIAL,
    )
    results = forms.ChoiceField(
        label=_("Who reads the results"), choices=ResultsPromise.choices, widget=forms.RadioSelect
    )
    amendable = forms.BooleanField(label=_("Answers may be changed until the end"), required=False, initial=True)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    import_text = forms.CharField(
        label=_("Questions as JSON"),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    import_file = forms.FileField(
        label=_("Or a file"), required=False, widget=forms.FileInput(attrs={"accept": ".json"})
    )

    def __init__(
        self, *args: Any, rows: Sequence[QuestionRow] = (), pictures: Mapping[int, Upload] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by = kwargs["by"]
        self.read: list[Item] = []
        self._refused: dict[str, list[str]] = {}
        self._known = dict(pictures or {})
        for number in range(1, CELLS + 1):
            self._add_cell(number)
        self.fields["title"].label = _("Title")
        self.rows = rows_of(self.data) if self.is_bound else list(rows)
        if self.is_bound:
            name_keys(self.rows)
            for row in self.rows:
                self._receive(row)

    def _add_cell(self, number: int) -> None:
        models = [("", _("Every car")), *((one.slug, one.name) for one in self.fields["models"].queryset)]
        levels = [("", _("Everybody")), *((level.value, level.label) for level in KocLevel if level.value)]
        self.fields[f"cell-{number}-limit"] = forms.IntegerField(label=_("At most"), min_value=1, required=False)
        self.fields[f"cell-{number}-model"] = forms.ChoiceField(label=_("Car"), choices=models, required=False)
        self.fields[f"cell-{number}-version"] = forms.CharField(label=_("Version"), max_length=40, required=False)
        self.fields[f"cell-{number}-koc_level"] = forms.ChoiceField(
            label=_("KOC level"), choices=levels, required=False
        )

    def cells(self) -> list[dict[str, Any]]:
        """The quotas over people as the page shows them."""
        names = ("limit", "model", "version", "koc_level")
        return [{name: self[f"cell-{number}-{name}"] for name in names} for number in range(1, CELLS + 1)]

    @property
    def has_cells(self) -> bool:
        return any(self[f"cell-{number}-limit"].value() for number in range(1, CELLS + 1))

    def look(self) -> list[Item]:
        """The questions as they stand, with every sentence against opening them beside its row."""
        for row in self.rows:
            row.wrong, row.problems = list(self._refused.get(row.id, [])), []
        self.read = items_of(self.rows)
        guesses_of(self.rows)
        against = problems_of(self.read)
        for row in self.rows:
            row.problems += against.get(row.key, [])
            row.lost = bool(row.on) and not any(one.key == row.on and one.is_looked_at for one in self.rows)
        return self.read

    def do(self, what: str) -> None:
        """One button that redraws. Raises Invalid for what cannot be read, and nothing is lost."""
        verb, _colon, rest = what.partition(":")
        number, _colon, option = rest.partition(":")
        at = next((place for place, row in enumerate(self.rows) if row.id == number), None)
        if verb == "add":
            self.rows.append(new_row(self.rows, rest or self.data.get("new_type", "")))
        elif verb == "import":
            self._take(self._imported())
        elif verb == "take":
            kept = BankQuestion.objects.filter(pk=rest).first() if rest.isdecimal() else None
            self._take(from_data([kept.body]) if kept else [])
        elif at is not None:
            self._change(verb, at, option)
        name_keys(self.rows)

    def _change(self, verb: str, at: int, option: str) -> None:
        rows, row = self.rows, self.rows[at]
        row.open = True
        if verb in {"up", "down"}:
            to = max(0, min(len(rows) - 1, at + (1 if verb == "down" else -1)))
            rows.insert(to, rows.pop(at))
        elif verb == "remove":
            rows.pop(at)
        elif verb == "copy":
            twin = deepcopy(row)
            twin.id, twin.key = new_row(rows, row.type).id, ""
            row.open = False
            rows.insert(at + 1, twin)
        elif verb == "more":
            row.options.append(OptionRow(id=free_name("o", [one.id for one in row.options])))
        elif verb == "drop":
            row.options = [one for one in row.options if one.id != option]
        row.with_room()

    def _take(self, items: Sequence[Item]) -> None:
        """More questions behind those that stand here; a key that is taken gets a new one, conditions follow it."""
        taken = {row.key for row in self.rows}
        renamed: dict[str, str] = {}
        for row in rows_from(items, {}, {}):
            before = row.key
            row.id = new_row(self.rows, row.type).id
            number = 2
            while row.key in taken:
                row.key, number = f"{before[:36]}_{number}", number + 1
            taken.add(row.key)
            renamed[before] = row.key
            row.on = renamed.get(row.on, row.on)
            for option in row.options:
                option.kept = ""
            row.open = len(items) == 1
            self.rows.append(row)

    def _imported(self) -> list[Item]:
        file = self.files.get("import_file")
        said = (
            file.read(LARGEST_IMPORT + 1)
            if isinstance(file, UploadedFile)
            else self.data.get("import_text", "").encode()
        )
        if len(said) > LARGEST_IMPORT:
            raise Invalid({"import_text": _("This is too much for one survey.")})
        try:
            read = json.loads(said.decode("utf-8-sig"))
            return from_data(read["questions"] if isinstance(read, dict) and "questions" in read else read)
        except json.JSONDecodeError as wrong:
            words = _("This is no JSON: line %(line)s, column %(column)s.")
            raise Invalid({"import_text": words % {"line": wrong.lineno, "column": wrong.colno}}) from wrong
        except (UnicodeDecodeError, RecursionError) as wrong:
            raise Invalid({"import_text": _("This is no JSON.")}) from wrong
        except Unreadable as wrong:
            sentence = _("“%(key)s”: %(why)s") % {"key": wrong.key, "why": wrong} if wrong.key else str(wrong)
            raise Invalid({"import_text": sentence}) from wrong

    def _receive(self, row: QuestionRow) -> None:
        """New pictures of a row's options, or those received before, by this form or by the draft."""
        for option in row.options:
            file = self.files.get(f"{row.id}-{option.id}-picture")
            if isinstance(file, UploadedFile):
                try:
                    option.picture = receive(by=self.by, file=file)
                except Refused as refused:
                    self._refused.setdefault(row.id, []).append(str(refused))
            elif option.kept.isdecimal() and f"{row.id}-{option.id}-away" not in self.data:
                number = int(option.kept[:18])
                option.picture = self._known.get(number) or next(iter(takeable(self.by, [number])), None)
            option.kept = str(option.picture.pk) if option.picture else ""

    def terms(self) -> Terms:
        """The promises, guesses and quotas as the action takes them; after `is_valid`."""
        said = self.cleaned_data
        cells = [
            Cell(
                limit=said[f"cell-{number}-limit"],
                **{name: said.get(f"cell-{number}-{name}") or "" for name in ("model", "version", "koc_level")},
            )
            for number in range(1, CELLS + 1)
            if said.get(f"cell-{number}-limit")
        ]
        return Terms(
            privacy=said["privacy"],
            results=said["results"],
            amendable=said["amendable"],
            guess=guesses_of(self.rows),
            cells=cells,
        )

    @staticmethod
    def kinds() -> list[tuple[str, Any]]:
        return list(QuestionType.choices)
