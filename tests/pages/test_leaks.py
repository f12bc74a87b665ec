"""Every address, by everybody: what is hidden, waits, was withdrawn, is of another board, under seal or the brand's own is on none.

The addresses are those of the site itself, each with every small number, so that a page that is added later is asked as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core import mail
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from insights.actions.releases import create_release
from insights.actions.tickets import add_note
from insights.actions.verifications import seal
from insights.models import DistilledReport, InternalNote, Ticket, Transition
from kocforum.forum.actions.amendments import amend_report
from kocforum.forum.actions.hosting import ask, collect
from kocforum.forum.actions.moderation import flag_post, hide_post, move_thread
from kocforum.forum.actions.posts import edit_post, write_post
from kocforum.forum.actions.reports import withdraw_report
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.actions.topics import appoint_host, link_report, open_topic
from kocforum.forum.actions.withdrawals import withdraw_post
from kocforum.forum.models import Board, ContentRule
from kocforum.forum.queries.moderation import forget_rules
from kocforum.members.actions import ban
from kocforum.members.models import Member
from kocforum.notifications.actions import set_preference
from kocforum.notifications.kinds import kinds
from tests.forum.stories import answered, told
from tests.insights.stories import accepted, brought_to, make_researcher, promoted, released
from tests.people import make_board, make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db

NOBODY = ("zqhidden", "zqremoved", "zqstaff", "zqticket", "zqdraft", "zqflag", "zqban")
# Addresses that change something, or answer with one's own things by design.
LEFT_OUT = ("admin/", "accounts/", "me/data", "me/close", "api/docs", "api/schema", "healthz", "readyz", "i18n")


def _reached_by_letter(*members: Member) -> tuple[Member, ...]:
    """Members who want every kind of news as a letter."""
    for member in members:
        member.email, member.email_verified_at = f"{member.username}@example.com", timezone.now()
        member.save()
        for kind in kinds():
            set_preference(by=member, kind=kind, channel="email", wanted=True)
    return members


def _count_from_one() -> None:
    """The addresses below ask for small numbers; PostgreSQL goes on counting where the tests before stopped."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


@pytest.fixture
def house(db, run_deliveries) -> dict[str, Member]:
    """A community in which something of every kind must not be read."""
    _count_from_one()
    lin, he, (su, zhou) = make_member(), make_member("he"), _reached_by_letter(make_member("su"), make_koc())
    operator, researcher = make_staff(), make_researcher()
    report = told(lin)
    note = answered(he, report, note="zqhidden 佐证")
    answered(su, report, "workaround", action="重启车机")
    topic = open_topic(by=zhou, title="雨夜泊车中止", function="auto-parking", claim="小雨的夜里容易中途放弃")
    link_report(by=zhou, topic=topic, report=report)

    # In a thread that everybody reads: a hidden answer with its history, a withdrawn one, one that waits.
    talk = open_thread(by=su, board=make_board(), title="雨天泊车", body="大家怎么样？")
    hidden = write_post(by=he, thread=talk, body="zqhidden 第一稿")
    edit_post(by=he, post=hidden, body="zqhidden 第二稿")
    removed = write_post(by=he, thread=talk, body="zqremoved 回复", reply_to=hidden)
    collect(by=zhou, post=hidden, text="zqhidden 第二稿", topic=topic)
    ContentRule.objects.create(phrase="zqpending", verdict="review")
    forget_rules()
    write_post(by=lin, thread=talk, body="zqpending 回复")
    open_thread(by=lin, board=make_board(), title="zqpending 标题", body="zqpending 正文")

    # Whole threads and reports.
    gone = told(
        lin, title="zqremoved 标题", narrative="zqremoved 经过", signals=["zqremoved"], place={"district": "zqremoved"}
    )
    amend_report(by=lin, report=gone, field="tried", value=["zqremoved"])
    taken = told(lin, title="zqhidden 标题", narrative="zqhidden 经过")
    for one in (gone, taken):
        link_report(by=zhou, topic=topic, report=one)
        answered(su, one, note="我也是")
    ask(by=zhou, topic=topic, post=taken.thread.posts.get(number=2), field="software_version")
    inside = Board.objects.create(slug="inside", name="内部", visibility="staff")
    members = Board.objects.create(slug="members", name="会员", visibility="members")
    open_thread(by=operator, board=inside, title="zqstaff 标题", body="zqstaff 正文")
    moved = open_thread(by=su, board=make_board(), title="zqstaff 搬走了", body="zqstaff 搬走的正文")
    write_post(by=he, thread=moved, body="zqstaff 回复")
    open_thread(by=su, board=members, title="zqmembers 标题", body="zqmembers 正文")

    # The brand's own words.
    ticket = promoted(report, title="zqticket")
    add_note(by=researcher, ticket=ticket, body="zqticket")
    released(promoted(taken, title="zqticket b"), public=False, version="4.4.0")
    brought_to(ticket, "cleared")
    release = released(Ticket.objects.get(pk=ticket.pk), public=False)
    seal(by=lin, offer=accepted(release, lin), words="zqsealed", attempts=5, failures=0)
    create_release(by=researcher, version="9.zqdraft", title="zqdraft", announcement="zqdraft", tickets=[ticket])
    internal = ("title", "acceptance_target", "root_cause_ref", "fix_version", "compliance_ref")
    Ticket.objects.update(**dict.fromkeys(internal, "zqticket"))
    DistilledReport.objects.update(**dict.fromkeys(("counter_examples", "hypothesis", "recommendation"), "zqticket"))
    DistilledReport.objects.update(findings=[{"text": "zqticket", "reports": [report.pk]}])
    Transition.objects.update(reason="zqticket")
    InternalNote.objects.update(body="zqticket")

    run_deliveries()
    mail.outbox.clear()
    flag_post(by=zhou, post=removed, reason="spam", note="zqflag")
    ban(by=operator, member=make_member("banned", display_name="Banned"), reason="zqban")
    for post in (note.post, hidden, taken.thread.posts.get(number=1)):
        hide_post(by=operator, post=post, reason="zqflag 广告")
    withdraw_post(by=he, post=removed)
    withdraw_report(by=lin, report=gone)
    move_thread(by=operator, thread=moved, board=inside, reason="zqflag")
    appoint_host(by=operator, topic=topic, member=su)
    appoint_host(by=operator, topic=topic, member=zhou)
    write_post(by=zhou, thread=talk, body="大家注意拍照别拍到车牌")
    run_deliveries()
    return {"": None, "su": su, "zhou": zhou}


def addresses(patterns=None, before: str = "", names: tuple = ()) -> Iterator[tuple[str, tuple]]:
    """(pattern, converters) of every address of the site."""
    for one in patterns or get_resolver().url_patterns:
        here, found = before + str(one.pattern), (*names, *getattr(one.pattern, "converters", {}).items())
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, here, found)
        elif isinstance(one, URLPattern) and "(?P" not in here and "^" not in here:
            yield here, found


def filled(pattern: str, names: tuple) -> Iterator[str]:
    """The address with every small number, and with words that name something."""
    words = {"slug": ["driving", "inside", "members", "narrative"], "str": ["lin", "he", "banned"]}
    numbers = [[str(number) for number in range(1, most)] for most in (9, 5, 3)]
    choices = [
        words.get(type(converter).__name__.removesuffix("Converter").lower(), numbers[place])
        for place, (_name, converter) in enumerate(names)
    ]
    for values in itertools.product(*choices):
        address = pattern
        for (name, converter), value in zip(names, values, strict=True):
            kind = type(converter).__name__.removesuffix("Converter").lower()
            address = address.replace(f"<{kind}:{name}>", value).replace(f"<{name}>", value)
        yield f"/{address}"


ASKED = [
    *(
        f"/{page}?q={word}"
        for page in ("search/", "api/v1/search/")
        for word in ("佐证", "第一稿", "第二稿", "回复", "标题", "正文", "经过", "搬走")
    ),
    "/api/v1/threads/?board=inside",
    *(f"/topics/new/?report={number}" for number in range(1, 5)),
    *(f"/t/2/reply/?to={post}&quote=1" for post in range(1, 10)),
]


def test_no_address_tells_what_its_reader_may_not_know(house):
    every = [
        address
        for pattern, names in addresses()
        if not pattern.startswith(LEFT_OUT)
        for address in filled(pattern, names)
    ]
    assert len(every) > 300
    told_to: list[str] = []
    answered_well = 0
    for name, reader in house.items():
        client = Client()
        if reader:
            client.force_login(reader)
        secrets = [*NOBODY, "zqpending", "zqsealed", *([] if reader else ["zqmembers"])]
        for address in [*every, *ASKED]:
            response = client.get(address)
            answered_well += response.status_code == 200
            if response.streaming or b"zq" not in response.content:
                continue
            said = response.content.decode(errors="replace")
            told_to += [f"{name or 'a visitor'} reads {word} at {address}" for word in secrets if word in said]
    assert not told_to, "\n".join(sorted(set(told_to))[:60])
    assert answered_well > 300


def test_no_letter_tells_it_either(house):
    assert mail.outbox
    for letter in mail.outbox:
        said = f"{letter.subject} {letter.body}"
        assert not [word for word in (*NOBODY, "zqpending", "zqsealed") if word in said], said
