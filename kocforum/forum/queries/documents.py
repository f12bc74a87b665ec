"""What search knows of the forum: one document per thread, post, report and topic. The actions write the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kocforum.garage.queries.catalogue import lineage
from kocforum.search.kinds import KEYWORDS

from ..enums import PostKind, PostState
from ..models import Post, Report, Thread, Topic

Document = dict[str, Any]


def of_thread(thread: Thread, body: str) -> Document:
    """A discussion: its title and its opening post."""
    return {
        "object_id": thread.pk,
        "author_id": thread.author_id,
        "title": thread.title,
        "body": body,
        "at": thread.created_at,
    }


def of_post(post: Post) -> Document:
    """An answer, which stands in its thread."""
    return {
        "object_id": post.pk,
        "parent_id": post.thread_id,
        "author_id": post.author_id,
        "title": post.thread.title,
        "body": post.body,
        "at": post.created_at,
    }


def of_report(report: Report, body: str) -> Document:
    """A report: its words and everything that was ticked, so that a condition finds it."""
    thread, seen = report.thread, report.observation
    values = [row.value for row in seen.conditions.select_related("value")]
    keywords = [
        " ".join(
            filter(
                None,
                [
                    *(word for above in lineage(report.function) for word in (above.name, above.name_en)),
                    seen.model_name,
                    seen.software_version,
                    report.district,
                ],
            )
        ),
        " ".join(value.name for value in values),
        " ".join(value.name_en for value in values),
    ]
    if report.failure_mode_id:
        keywords.append(f"{report.failure_mode.name} {report.failure_mode.name_en}")
    return {
        "object_id": report.pk,
        "parent_id": thread.pk,
        "author_id": thread.author_id,
        "title": thread.title,
        "body": body + KEYWORDS + "\n".join(keywords),
        "at": thread.created_at,
        "weight": 1.2,
    }


def of_topic(topic: Topic) -> Document:
    """A topic: claim and summary."""
    return {
        "object_id": topic.pk,
        "title": topic.title,
        "body": f"{topic.claim}\n{topic.summary}",
        "at": topic.created_at,
        "weight": 1.4,
    }


def of_threads() -> Iterator[Document]:
    """Every listed thread, for building the index anew."""
    openings = Post.objects.filter(number=1, thread__state=PostState.VISIBLE).select_related("thread")
    for opening in openings.iterator(500):
        yield of_thread(opening.thread, opening.body)


def of_posts() -> Iterator[Document]:
    posts = Post.objects.filter(state=PostState.VISIBLE, thread__state=PostState.VISIBLE).exclude(kind=PostKind.OPENING)
    for post in posts.select_related("thread").iterator(500):
        yield of_post(post)


def of_reports() -> Iterator[Document]:
    reports = Report.objects.counted().select_related("thread", "observation", "function__parent", "failure_mode")
    for report in reports.iterator(200):
        yield of_report(report, report.thread.posts.get(number=1).body)


def of_topics() -> Iterator[Document]:
    for topic in Topic.objects.filter(hidden_at__isnull=True).iterator(200):
        yield of_topic(topic)
