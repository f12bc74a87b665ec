"""L4, L5: sealed words leak through no door."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from kocforum.ledger.models import Fact
from kocforum.live.groups import may_listen
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from kocforum.search.models import SearchDocument
from kocforum.uploads.actions import receive
from tasks.actions.call_rounds import go_on_in_time, reveal
from tasks.actions.manuscripts import save_manuscript
from tasks.models import Entry
from tests.people import make_member, make_staff
from tests.tasks.calls import again, begun, call_of, given, in_the_past, open_call
from tests.tasks.stories import make_researcher
from tests.tasks.test_pages import client_of
from tests.uploads.made import photo

pytestmark = pytest.mark.django_db

TITLE, WORDS, LATER = "封着的标题甲乙丙", "封着的正文丁戊己", "还没给出的手稿庚辛"
ALIKE = "封着的"


def every_address(values: dict[str, list[object]]) -> Iterator[str]:
    """Each address of the site that these values can fill, in every combination of one value for all of a name."""
    for pattern, names in _patterns(get_resolver(), ""):
        filled = {pattern}
        for name in names:
            filled = {one.replace(f"<{name}>", str(value)) for one in filled for value in values.get(name, ["1"])}
        yield from (f"/{one}" for one in sorted(filled))


def _patterns(resolver: URLResolver, before: str) -> Iterator[tuple[str, list[str]]]:
    for one in resolver.url_patterns:
        route = str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, before + route)
        elif isinstance(one, URLPattern):
            whole = before + route
            plain = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", whole)
            if not re.search(r"[\^$\\(]", plain):
                yield plain, re.findall(r"<(\w+)>", plain)


def sealed_call():
    call = open_call(invitees=("lin", "zhou", "he"), reveal_at=timezone.now() + timezone.timedelta(days=1))
    lin = Member.objects.get(username="lin")
    picture = receive(by=lin, file=SimpleUploadedFile("geheim.jpg", photo()))
    entry = given(call, lin, title=TITLE, body=f"{WORDS} @zhou\n\n## 封着的小标题\n\n![图]({picture.url})")
    save_manuscript(by=lin, entry=entry, title=TITLE, body=LATER, version=1, revision=0)
    return call, entry, picture


READERS = {
    "visitor": lambda: None,
    "asked_and_silent": lambda: Member.objects.get(username="zhou"),
    "asked_and_writing": lambda: Member.objects.get(username="he"),
    "stranger": lambda: make_member("wu"),
    "researcher": make_researcher,
    "operator": lambda: make_staff("operator"),
    "administrator": lambda: make_staff("root", role="admin", is_superuser=True),
}


@pytest.mark.parametrize("who", READERS)
def test_l4_sealed_words_leak_through_no_door(who, run_deliveries):
    call, entry, picture = sealed_call()
    begun(call, Member.objects.get(username="he"))
    run_deliveries()
    reader = READERS[who]()
    client = client_of(reader)
    values: dict[str, list[object]] = {
        "pk": sorted({call.task_id, entry.pk, picture.pk, call.pk}),
        "entry": [entry.pk],
        "username": ["lin"],
        "token": [picture.token],
        "rendition": ["display", "thumbnail", "medium"],
        "object_id": [entry.pk],
        "slug": ["driving"],
    }
    asked = 0
    for path in every_address(values):
        if "logout" in path or path.startswith("/__"):
            continue
        for query in ("", "?q=丁戊己"):
            if query and not any(door in path for door in ("search", "admin", "feed", "similar", "tasks")):
                continue
            answer = client.get(path + query)
            asked += 1
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            said = body.decode(errors="replace")
            assert ALIKE not in said and LATER not in said, f"{who} reads it at {path}{query}"
            if path.startswith(f"/uploads/{picture.token}"):
                assert answer.status_code == 404, path
    assert asked > 100
    assert not SearchDocument.objects.filter(kind="entry").exists()
    assert not any(ALIKE in f"{letter.subject}{letter.body}{letter.alternatives}" for letter in mail.outbox)
    assert not any(ALIKE in str(one.params) for one in Notification.objects.all())
    assert not any(ALIKE in str(fact.payload) or LATER in str(fact.payload) for fact in Fact.objects.all())
    if reader is not None:
        assert not may_listen(reader, f"entry:{entry.pk}")
        assert not Notification.objects.filter(member=reader, kind__startswith="mention").exists()


def test_l4_staff_read_before_the_reveal_only_where_the_brief_says_so():
    closed = given(open_call(invitees=("lin", "zhou")), "lin")
    readable = given(open_call(invitees=("lin", "zhou"), staff_reads=True), "lin")
    seen = Entry.objects.visible_to(make_researcher())
    assert closed not in seen and readable in seen
    assert readable not in Entry.objects.visible_to(Member.objects.get(username="zhou"))


def test_l5_who_gave_reads_the_others_from_the_reveal_on_and_who_did_not_reads_them_with_the_community():
    call = open_call(
        invitees=("lin", "zhou", "he"),
        reveal_at=timezone.now() + timezone.timedelta(days=1),
        community_at=timezone.now() + timezone.timedelta(days=2),
    )
    lin, he = (Member.objects.get(username=name) for name in ("lin", "he"))
    given(call, lin)
    other = given(call, "zhou")
    assert other not in Entry.objects.visible_to(lin)
    reveal(by=make_researcher(), call=call_of(call.task))
    assert other in Entry.objects.visible_to(lin)
    assert other not in Entry.objects.visible_to(he)
    late = given(call, he)
    assert late.after_reveal and other in Entry.objects.visible_to(he)
    assert not SearchDocument.objects.filter(kind="entry").exists()
    in_the_past(call, reveal_at=2, community_at=1)
    go_on_in_time()
    assert other in Entry.objects.visible_to(make_member("wu"))
    assert SearchDocument.objects.filter(kind="entry").count() == 3


def test_after_the_reveal_the_words_are_found_and_the_picture_is_seen():
    call, entry, picture = sealed_call()
    given(call, "zhou")
    given(call, "he")
    wu = client_of(make_member("wu"))
    assert again(entry).call.revealed_at
    assert entry.get_absolute_url() in wu.get(f"/search/?type=entry&q={WORDS}").content.decode()
    assert wu.get(picture.url).status_code == 200
    assert LATER not in wu.get(entry.get_absolute_url()).content.decode()
