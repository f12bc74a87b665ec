"""What is being written, over many sittings: saved, given, returned, given again, by hands on several devices."""

from __future__ import annotations

import pytest

from kocforum.errors import Conflict
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.coauthors import invite_writer, join
from tasks.actions.entries import give_entry, return_entry, withdraw_entry
from tasks.actions.leaving import forget_member
from tasks.actions.manuscripts import Rights, begin_entry, save_manuscript
from tasks.models import Entry, EntryVersion, Manuscript, ManuscriptSave
from tasks.queries.entries import versions_of
from tasks.queries.manuscripts import aside_of, history_of, now_of
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.calls import BODY, TITLE, again, begun, given, open_call
from tests.tasks.stories import make_researcher
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db


def saved(entry: Entry, by: Member, body: str, title: str = TITLE):
    """From what the page was given just now."""
    here = now_of(again(entry))
    return save_manuscript(
        by=by, entry=again(entry), title=title, body=body, version=here["version"], revision=here["revision"]
    )


def gives(entry: Entry, by: Member, body: str) -> Entry:
    here = now_of(again(entry))
    return give_entry(
        by=by, entry=again(entry), title=TITLE, body=body, seen=(here["version"], here["revision"]), uploads=()
    )


def together(*, call=None) -> tuple[Entry, Member, Member]:
    lin, zhou = make_member("lin"), make_member("zhou")
    entry = begun(call or open_call(), lin)
    join(by=zhou, writer=invite_writer(by=lin, entry=entry, username="zhou", share=40))
    return entry, lin, zhou


def test_it_is_saved_and_given_again_and_again():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    for sitting in range(3):
        for words in (f"第 {sitting} 次，先写一点", f"第 {sitting} 次，先写一点，再写一点"):
            assert saved(entry, lin, words).aside is None
            assert now_of(again(entry))["body"] == words
        gives(entry, lin, f"第 {sitting} 次，先写一点，再写一点，给大家看")
    assert again(entry).version == 3 and not Manuscript.objects.exists() and not aside_of(entry)
    assert [row["save"].body for row in history_of(entry)][0] == "第 2 次，先写一点，再写一点"


def test_l6_it_is_saved_after_it_was_returned():
    call = open_call(invitees=("lin", "zhou"))
    lin = Member.objects.get(username="lin")
    entry = begun(call, lin)
    saved(entry, lin, "就那样")
    gives(entry, lin, "就那样。")
    given(call, "zhou")
    return_entry(by=make_researcher(), entry=again(entry), reason="在哪里、哪一天？")
    for words in ("就那样。在南京", "就那样。在南京，五月"):
        assert saved(entry, lin, words).aside is None
    assert gives(entry, lin, "就那样。在南京，五月三日").version == 2
    assert saved(entry, lin, "就那样。在南京，五月三日，下午").aside is None


def test_revisions_go_on_where_they_were_so_that_no_page_is_taken_for_another():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    for words in ("一", "一二", "一二三"):
        saved(entry, lin, words)
    gives(entry, lin, "一二三四")
    assert now_of(again(entry))["revision"] == 3
    assert saved(entry, lin, "一二三四五").revision == 4
    old = save_manuscript(by=lin, entry=again(entry), title=TITLE, body="旧窗口", version=0, revision=3)
    assert old.aside is not None and now_of(again(entry))["body"] == "一二三四五"


def test_what_is_given_in_the_words_of_the_manuscript_is_no_conflict_whatever_the_page_had_seen():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    saved(entry, lin, BODY)
    assert give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY, seen=(0, 0)).version == 1
    assert give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY, seen=(0, 0)).version == 1
    saved(entry, lin, "周在写新的一版")
    with pytest.raises(Conflict):
        give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY, seen=(0, 0))
    assert now_of(again(entry))["body"] == "周在写新的一版"


def test_a_text_that_lies_aside_is_settled_by_one_that_holds_it():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    saved(entry, lin, "手机上写的")
    met = save_manuscript(by=lin, entry=entry, title=TITLE, body="电脑上写的", version=0, revision=0)
    assert met.aside
    saved(entry, lin, "手机上又写的")
    assert aside_of(entry)
    saved(entry, lin, "别的题目", title="另一个题目")
    saved(entry, lin, "电脑上写的，后来又加了一句")
    assert not aside_of(entry)
    assert "手机上又写的" in {row["save"].body for row in history_of(entry)}


def test_a_title_that_lies_aside_stays_until_somebody_has_seen_it():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    saved(entry, lin, "手机上写的")
    save_manuscript(by=lin, entry=entry, title="电脑上的题目", body="电脑上写的", version=0, revision=0)
    saved(entry, lin, "电脑上写的")
    assert [row["save"].title for row in aside_of(entry)] == ["电脑上的题目"]


def test_versions_and_the_history_show_what_became_of_the_title():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    saved(entry, lin, BODY)
    give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY)
    give_entry(by=lin, entry=again(entry), title="雪夜里的那次泊车", body=BODY)
    newest, first = versions_of(again(entry))
    assert {"雨", "雪"} <= {change.text for change in newest["title"]}
    assert not first["title"]
    ManuscriptSave.objects.all().delete()
    saved(entry, lin, "题目没动", title="雪夜里的那次泊车")
    saved(entry, lin, "题目动了", title="雪天里的那次泊车")
    rows = history_of(entry)
    assert {"夜", "天"} <= {change.text for change in history_of(entry, rows[0]["save"].pk)["title"]}


def test_a_consent_that_nobody_gave_is_none():
    entry = begin_entry(by=make_member("lin"), call=open_call(), rights=Rights())
    assert not any(getattr(entry, name) for name in vars(Rights()))
    assert not any(getattr(Entry(), name) for name in vars(Rights()))


def test_who_wrote_along_hears_that_the_joint_text_is_withdrawn(run_deliveries):
    entry, lin, zhou = together()
    give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY)
    make_member("he")
    invite_writer(by=lin, entry=again(entry), username="he", share=10)
    withdraw_entry(by=lin, entry=again(entry))
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.ENTRY_WITHDRAWN)
    assert [row.member for row in told] == [zhou]
    assert entry.call.task.title in client_of(zhou).get("/me/notifications/").content.decode()


def test_who_wrote_along_hears_it_too_when_the_author_leaves_the_community(run_deliveries):
    entry, lin, zhou = together()
    forget_member(member_id=lin.pk)
    run_deliveries()
    assert again(entry).state == "withdrawn"
    assert Notification.objects.filter(kind=kinds.ENTRY_WITHDRAWN, member=zhou).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_hands_that_save_at_once_after_it_was_given_lose_neither_text():
    entry, lin, zhou = together()
    for words in ("一", "一二"):
        saved(entry, lin, words)
    gives(entry, lin, BODY)
    here = now_of(again(entry))
    results = at_once(
        *[
            lambda by=by, words=words: save_manuscript(
                by=by, entry=entry, title=TITLE, body=words, version=here["version"], revision=here["revision"]
            )
            for by, words in ((lin, "林接着写"), (zhou, "周接着写"))
        ]
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert sorted(one.aside is None for one in results) == [False, True]
    texts = {Manuscript.objects.get(entry=entry).body, ManuscriptSave.objects.get(entry=entry, aside=True).body}
    assert texts == {"林接着写", "周接着写"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_gives_while_the_other_saves_and_both_are_answered():
    entry, lin, zhou = together()
    saved(entry, lin, BODY)
    gives(entry, lin, BODY)
    here = now_of(again(entry))
    results = at_once(
        lambda: give_entry(
            by=lin, entry=entry, title=TITLE, body=f"{BODY}改", seen=(here["version"], here["revision"])
        ),
        lambda: save_manuscript(
            by=zhou, entry=entry, title=TITLE, body="周接着写", version=here["version"], revision=here["revision"]
        ),
    )
    assert all(not isinstance(one, Exception) or isinstance(one, Conflict) for one in results), results
    kept = set(ManuscriptSave.objects.filter(entry=entry).values_list("body", flat=True))
    kept |= set(Manuscript.objects.filter(entry=entry).values_list("body", flat=True))
    assert "周接着写" in kept
    assert isinstance(results[0], Conflict) or EntryVersion.objects.filter(entry=entry, body=f"{BODY}改").exists()
