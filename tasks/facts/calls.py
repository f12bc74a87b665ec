"""Facts of calls. No word of an entry, a reply or a manuscript is in them."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class CallEdited:
    """The draft of a call was changed."""

    task_id: int


@fact
class PromptClarified:
    """A sentence was added to a prompt that people had begun to answer."""

    task_id: int
    clarification_id: int


@fact
class CallExtended:
    """The end of a call was moved, once."""

    task_id: int


@fact
class CallRevealed:
    """What was sealed may be read by those who gave their own. By nobody: its time had come, or all had given."""

    task_id: int


@fact
class RoundBegun:
    """A call went into its next round."""

    task_id: int
    round: str


@fact
class EntryBegun:
    """Somebody began to write to a call."""

    task_id: int
    entry_id: int


@fact
class EntryGiven:
    """An entry was given; above version 1, another text took the place of the one before."""

    task_id: int
    entry_id: int
    version: int


@fact
class EntryHeld:
    """An entry waits for a moderator."""

    task_id: int
    entry_id: int


@fact
class EntryReturned:
    """A colleague asked its writer to answer what was left out."""

    task_id: int
    entry_id: int


@fact
class EntryModerated:
    """A moderator hid an entry, or let it be read."""

    task_id: int
    entry_id: int
    state: str


@fact
class EntryKept:
    """An entry came among the stories that stay, or left them."""

    task_id: int
    entry_id: int
    kept: bool


@fact
class EntryWithdrawn:
    """Its author took an entry back; its words are gone."""

    task_id: int
    entry_id: int


@fact
class RightsChanged:
    """What may be done with an entry was changed by its author."""

    entry_id: int


@fact
class RightsAsked:
    """A colleague asked the author of an entry for a right: quote_public, marketing."""

    entry_id: int
    right: str


@fact
class RightsDeclined:
    """Its author gives none of the rights that were asked for."""

    entry_id: int


@fact
class WriterInvited:
    """Somebody was asked to write along."""

    entry_id: int
    member_id: int


@fact
class WriterJoined:
    """And does."""

    entry_id: int
    member_id: int


@fact
class WriterLeft:
    """Somebody does not write along any more, or was never going to."""

    entry_id: int
    member_id: int


@fact
class ReplyWritten:
    """Somebody answered under an entry."""

    entry_id: int
    reply_id: int
    kind: str
    private: bool


@fact
class ReplyEdited:
    entry_id: int
    reply_id: int


@fact
class ReplyRemoved:
    """Its author took a reply back."""

    entry_id: int
    reply_id: int


@fact
class ReplyModerated:
    """A moderator hid a reply, or let it be read."""

    entry_id: int
    reply_id: int
    state: str


@fact
class TalkLed:
    """The writer of an entry led the talk under it: pinned, asked, closed, summed_up, changed_mind."""

    entry_id: int
    how: str


@fact
class TalkHeld:
    """What the writer of an entry put above the talk deserves the look of a moderator: question, answer, summary, change_of_mind."""

    entry_id: int
    what: str


@fact
class TalkModerated:
    """A moderator took down what the writer of an entry had put above the talk: question, summary, change_of_mind. With the reason that
    the writer reads."""

    entry_id: int
    what: str
    reason: str
