"""What a host does with replies: sort them, ask one owner about one field, collect passages."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.garage.queries import normalise_version
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.members.rules import can_write
from kocforum.text import clean_line, clean_text, plain

from ..enums import PostKind, PostState, SortedAs
from ..facts import PassageCollected, QuestionAnswered, QuestionAsked, ReplySorted
from ..models import Corroboration, Dimension, Passage, Post, Question, Report, SortedReply, Topic
from ..rules.topics import can_change_topic, can_collect
from .amendments import amend_report
from .corroborations import keep_revision
from .observations import conditions_of, find_values, rewrite_conditions
from .writing import hold_thread, touch_thread

# What can be asked of a report or a corroboration; dimensions are asked as dimension:<slug>.
ASKABLE = ("software_version", "counts", "occurred_at", "place", "signals", "tried", "narrative")


def _in_topic(topic: Topic, post: Post) -> bool:
    return topic.links.filter(unlinked_at__isnull=True, report__thread=post.thread_id).exists()


@transaction.atomic
def sort_reply(*, by: Member, topic: Topic, post: Post, sorted_as: str) -> SortedReply:
    """Take a reply out of the tray: for, against, a condition, what helps, or beside the point. Sorting again changes it."""
    require(can_change_topic(by, topic), _("Only the host of this topic can do this."))
    if sorted_as not in SortedAs.values:
        raise Invalid({"sorted_as": _("Say what the reply is for this topic.")})
    if not _in_topic(topic, post):
        raise Conflict(_("This reply is not in a report of this topic."))
    sorting, _new = SortedReply.objects.update_or_create(
        topic=topic, post=post, defaults={"sorted_as": sorted_as, "by": by, "at": timezone.now()}
    )
    record(ReplySorted(topic_id=topic.pk, post_id=post.pk, sorted_as=sorted_as), by=by)
    return sorting


def _dimension_of(field: str) -> str:
    return field.partition(":")[2] if field.startswith("dimension:") else ""


@transaction.atomic
def ask(*, by: Member, topic: Topic, post: Post, field: str, words: str = "") -> Question:
    """Ask the owner of a report or a corroboration about one field. One open question per field."""
    require(can_change_topic(by, topic), _("Only the host of this topic can do this."))
    if not _in_topic(topic, post) or post.kind not in {PostKind.OPENING, PostKind.CORROBORATION} or post.author is None:
        raise Conflict(_("Only reports and corroborations of this topic can be asked."))
    dimension = _dimension_of(field)
    if not dimension and field not in ASKABLE:
        raise Invalid({"field": _("There is no such field to ask about.")})
    if dimension and not _dimension_exists(dimension):
        raise Invalid({"field": _("There is no such field to ask about.")})
    try:
        with transaction.atomic():
            question = Question.objects.create(
                topic=topic, post=post, asked_of=post.author, asked_by=by, field=field, words=clean_line(words)[:200]
            )
    except IntegrityError:
        raise Conflict(_("This was already asked and waits for an answer."))
    record(
        QuestionAsked(
            topic_id=topic.pk, question_id=question.pk, post_id=post.pk, member_id=post.author_id, field=field
        ),
        by=by,
    )
    return question


def _dimension_exists(slug: str) -> bool:

    return Dimension.objects.filter(slug=slug).exists()


@transaction.atomic
def answer_question(*, by: Member, question: Question, value: Any) -> Question:
    """Answer in the record itself: the field is filled, the question closes. A dimension's value is a slug or a list of them."""
    require(question.asked_of_id == by.pk, _("This question is for someone else."))
    require(can_write(by), _("You cannot answer here."))
    hold_thread(question.post.thread_id)
    answered = Question.objects.filter(pk=question.pk, answered_at__isnull=True, withdrawn_at__isnull=True).update(
        answered_at=timezone.now()
    )
    if not answered:
        raise Conflict(_("This question was already answered."))
    _fill(by, question, value)
    record(
        QuestionAnswered(
            topic_id=question.topic_id, question_id=question.pk, post_id=question.post_id, field=question.field
        ),
        by=by,
    )
    question.refresh_from_db()
    return question


def _fill(by: Member, question: Question, value: Any) -> None:
    dimension = _dimension_of(question.field)
    report = Report.objects.filter(thread__posts=question.post, thread__author=by).first()
    if question.post.kind == PostKind.OPENING and report:
        if dimension:
            said = {**conditions_of(report.observation), dimension: value if isinstance(value, list) else [value]}
            amend_report(by=by, report=report, field="conditions", value=said)
        else:
            amend_report(by=by, report=report, field=question.field, value=value)
        return
    corroboration = Corroboration.objects.select_related("observation", "post__thread").get(post=question.post)
    if corroboration.post.state not in {PostState.VISIBLE, PostState.PENDING}:
        raise Conflict(_("This post no longer stands, so it cannot be edited."))
    keep_revision(corroboration)
    if dimension:
        said = {**conditions_of(corroboration.observation), dimension: value if isinstance(value, list) else [value]}
        rewrite_conditions(corroboration.observation, find_values(said))
    elif question.field == "software_version":
        corroboration.observation.software_version = normalise_version(str(value))[:40]
        corroboration.observation.save(update_fields=["software_version"])
    else:
        raise Conflict(_("Change your answer in the thread; it asks for the same there."))
    Corroboration.objects.filter(pk=corroboration.pk).update(changed_at=timezone.now())
    touch_thread(corroboration.post.thread)


@once(Passage)
@transaction.atomic
def collect(*, by: Member, post: Post, text: str, note: str = "", topic: Topic | None = None) -> Passage:
    """Keep the words of a post exactly as they stand at its present revision."""
    require(can_collect(by, post), _("Passages are collected by hosts and staff."))
    text = clean_text(text).strip()
    if post.state != PostState.VISIBLE:
        raise Conflict(_("This post can no longer be read."))
    if not text or len(text) > 2000:
        raise Invalid({"text": _("Select a passage of up to 2,000 characters.")})
    if _squeezed(text) not in _squeezed(post.body) and _squeezed(text) not in _squeezed(plain(post.body)):
        raise Invalid({"text": _("These words do not stand in the post. Copy them as they are.")})
    passage = Passage.objects.create(
        post=post, post_revision=post.revision, text=text, note=clean_line(note)[:200], topic=topic, by=by
    )
    record(
        PassageCollected(
            passage_id=passage.pk, post_id=post.pk, thread_id=post.thread_id, topic_id=topic.pk if topic else None
        ),
        by=by,
    )
    return passage


def _squeezed(text: str) -> str:
    return "".join(text.split())
