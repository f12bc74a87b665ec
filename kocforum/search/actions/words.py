"""Words that must not be cut apart."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.recording import record
from kocforum.text import clean_line

from ..facts import WordDropped, WordKept
from ..models import Word
from ..queries.words import learn_words
from ..rules import can_keep_words

_ACCEPTED = re.compile(r"[\w.+\-/]{2,40}\Z")


def check_word(text: str) -> str:
    """The word as it is kept, or Invalid."""
    text = clean_line(text)
    if not _ACCEPTED.match(text):
        raise Invalid({"text": _("A word has 2 to 40 letters, characters or digits and no spaces.")})
    return text


@transaction.atomic
def keep_word(*, by: Any, text: str, proposed: bool = False, source: str = Word.Source.STAFF) -> Word:
    """Know a word from now on, or change whether it is proposed.

    `by` None with the source CATALOGUE is an app above, which changes nothing about a word that is there.
    """
    require(can_keep_words(by), _("Only operators keep the words of the search."))
    text = check_word(text)
    word, new = Word.objects.get_or_create(text=text, defaults={"proposed": proposed, "source": source, "by": by})
    if not new:
        if source == Word.Source.CATALOGUE or word.proposed == proposed:
            return word
        word.proposed, word.source, word.by = proposed, source, by
        word.save()
    record(WordKept(word_id=word.pk, text=text, proposed=proposed), by=by)
    transaction.on_commit(partial(learn_words, now=True))
    return word


@transaction.atomic
def drop_word(*, by: Any, word: Word) -> None:
    """Forget a word. What was indexed with it is still found by its characters."""
    require(can_keep_words(by), _("Only operators keep the words of the search."))
    record(WordDropped(text=word.text), by=by)
    word.delete()
    transaction.on_commit(partial(learn_words, now=True))
