"""Discussions with their answers, some hundred at once."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from django.db import transaction

from kocforum.forum.enums import PostKind, ThreadKind
from kocforum.forum.models import Board, Follow, Post, Thread
from kocforum.forum.queries import documents
from kocforum.search.actions import index_many

from .people import Owner
from .texts import Texts

SPREAD = dt.timedelta(days=700)


def moments(dice: random.Random, count: int, anchor: dt.datetime) -> list[dt.datetime]:
    """A beginning within the last two years and what follows it, in order, the last one before the anchor."""
    first = anchor - SPREAD * dice.random()
    steps = sorted(dice.random() ** 3 for _ in range(count - 1))
    reach = min(dt.timedelta(days=30), anchor - first)
    return [first, *(first + reach * step for step in steps)]


def new_thread(*, board: Board, author: Owner, title: str, kind: str, at: list[dt.datetime], last: Owner) -> Thread:
    """A thread whose counters say what its posts will be: all visible, numbered without gaps."""
    return Thread(
        board=board,
        author=author.member,
        kind=kind,
        title=title,
        created_at=at[0],
        last_number=len(at),
        reply_count=len(at) - 1,
        last_post_at=at[-1],
        last_post_by=last.member,
        changed_at=at[-1],
        version=len(at),
    )


def write_threads(
    dice: random.Random,
    *,
    count: int,
    posts_each: int,
    boards: Sequence[Board],
    owners: Sequence[Owner],
    texts: Texts,
    anchor: dt.datetime,
    search_replies: bool,
) -> None:
    """Threads with `posts_each` posts, the opening one among them, in one transaction."""
    plans = []
    for _ in range(count):
        speakers = dice.choices(owners, k=posts_each)
        plans.append((moments(dice, posts_each, anchor), speakers))
    with transaction.atomic():
        threads = Thread.objects.bulk_create(
            [
                new_thread(
                    board=dice.choice(boards),
                    author=speakers[0],
                    title=dice.choice(texts.titles),
                    kind=ThreadKind.TALK,
                    at=at,
                    last=speakers[-1],
                )
                for at, speakers in plans
            ]
        )
        posts = []
        for thread, (at, speakers) in zip(threads, plans, strict=True):
            for number, (moment, speaker) in enumerate(zip(at, speakers, strict=True), start=1):
                body, html = dice.choice(texts.openings if number == 1 else texts.answers)
                posts.append(
                    Post(
                        thread=thread,
                        number=number,
                        author=speaker.member,
                        kind=PostKind.OPENING if number == 1 else PostKind.REPLY,
                        body=body,
                        html=html,
                        created_at=moment,
                    )
                )
        Post.objects.bulk_create(posts)
        Follow.objects.bulk_create(
            Follow(thread=thread, member=speakers[0].member, at=at[0])
            for thread, (at, speakers) in zip(threads, plans, strict=True)
        )
        index_many(_documents(posts, search_replies))


def _documents(posts: Sequence[Post], search_replies: bool):
    for post in posts:
        if post.number == 1:
            yield {"kind": "thread", **documents.of_thread(post.thread, post.body)}
        elif search_replies:
            yield {"kind": "post", **documents.of_post(post)}
