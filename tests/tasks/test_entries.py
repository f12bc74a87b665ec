"""Writing: the manuscript on two devices, giving, editing, writing together, rights, leaving (L1, L3, L6, L9, L14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.models import ContentRule
from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from tasks import kinds
from tasks.actions.call_rounds import reveal
from tasks.actions.coauthors import invite_writer, join, part_with
from tasks.actions.entries import give_entry, moderate_entry, return_entry, set_rights, withdraw_entry
from tasks.actions.leaving import forget_member
from tasks.actions.manuscripts import Rights, drop_aside, save_manuscript
from tasks.models import Entry, EntryVersion, Manuscript, ManuscriptSave, Participation, RightsChange, Writer
from tasks.queries.manuscripts import aside_of, history_of, now_of
from tests.at_once import at_once
from tests.people import make_car, make_catalogue, make_member, make_staff
from tests.tasks.calls import BODY, TITLE, again, begun, call_of, given, open_call, replied
from tests.tasks.stories import make_researcher, moved
from tests.uploads.made import photo

pytestmark = pytest.mark.django_db
REPORT = [{"heading": "在哪里"}, {"heading": "发生了什么"}, {"heading": "照片", "required": False}]


def saved(entry: Entry, by: Member, body: str, revision: int = 0, version: int = 0):
    return save_manuscript(by=by, entry=entry, title=TITLE, body=body, version=version, revision=revision)


def test_l1_two_devices_save_from_the_same_revision_and_both_texts_are_kept():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    phone = saved(entry, lin, "手机上写的")
    desk = saved(entry, lin, "电脑上写的")
    assert phone.revision == 1 and phone.aside is None
    assert desk.revision == 1 and desk.body == "手机上写的" and desk.aside.body == "电脑上写的"
    assert now_of(entry)["body"] == "手机上写的"
    assert saved(entry, lin, "电脑上写的，又多了一句").aside.pk == desk.aside.pk
    third = saved(entry, lin, "平板上写的").aside
    assert {row["save"].body for row in aside_of(entry)} == {"电脑上写的，又多了一句", "平板上写的"}
    for save in (desk.aside, third):
        drop_aside(by=lin, save=save)
    assert not aside_of(entry)


def test_l1_the_text_that_goes_on_and_the_one_that_does_not_are_both_in_the_history():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    saved(entry, lin, "同一段话")
    saved(entry, lin, "同一段话，手机上加的", 1)
    met = saved(entry, lin, "同一段话，电脑上加的", 1)
    assert met.aside and saved(entry, lin, met.aside.body, met.revision).aside is None
    assert [row["save"].body for row in history_of(entry)] == [
        "同一段话，电脑上加的",
        "同一段话，手机上加的",
        "同一段话",
    ]
    assert not aside_of(entry)


def test_the_same_text_again_makes_no_revision_and_no_clash():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    assert saved(entry, lin, "一样").revision == 1
    assert saved(entry, lin, "一样").revision == 1
    assert saved(entry, lin, "一样").aside is None


def test_the_history_has_one_line_for_a_sitting_and_another_where_much_was_deleted():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    for revision in range(5):
        saved(entry, lin, "字" * (100 + revision), revision)
    assert [row["save"].revision for row in history_of(entry)] == [5, 1]
    saved(entry, lin, "字" * 10, 5)
    assert [row["save"].revision for row in history_of(entry)] == [6, 5, 1]
    ManuscriptSave.objects.update(at=timezone.now() - timedelta(minutes=20))
    saved(entry, lin, "字" * 11, 6)
    rows = history_of(entry)
    assert [row["save"].revision for row in rows] == [7, 6, 5, 1]
    assert any(change.how == "added" for change in history_of(entry, rows[0]["save"].pk)["changes"])


def test_the_history_keeps_a_hundred_lines():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    ManuscriptSave.objects.bulk_create(
        ManuscriptSave(entry=entry, by=lin, revision=n, body=str(n), at=timezone.now() - timedelta(days=1))
        for n in range(1, 121)
    )
    Manuscript.objects.filter(entry=entry).update(revision=120)
    saved(entry, lin, "新的", 120)
    kept = ManuscriptSave.objects.filter(entry=entry)
    assert kept.count() == 100 and kept.order_by("revision").first().revision == 22


def test_l3_giving_uses_the_manuscript_up_and_a_late_save_does_not_bring_it_back():
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    revision = saved(entry, lin, BODY).revision
    give_entry(by=lin, entry=entry, title=TITLE, body=BODY, seen=(0, revision))
    assert not Manuscript.objects.exists()
    late = saved(again(entry), lin, "另一个窗口里还开着的旧稿", revision)
    assert late.aside is not None and not Manuscript.objects.exists()
    assert Participation.objects.filter(task=call.task, member=lin).exists()


def test_l3_an_entry_given_twice_is_one():
    lin, call = make_member("lin"), open_call()
    entry, op_id = begun(call, lin), "0b0e8d1e-6a0a-4a39-9a39-5d0f5f4b1c11"
    first = give_entry(by=lin, entry=entry, title=TITLE, body=BODY, op_id=op_id)
    second = give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY, op_id=op_id)
    assert first.pk == second.pk and EntryVersion.objects.count() == 1
    assert begun(call, lin).pk == entry.pk and Entry.objects.count() == 1


def test_giving_from_an_older_revision_is_refused():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    saved(entry, lin, "新的一稿")
    with pytest.raises(Conflict):
        give_entry(by=lin, entry=entry, title=TITLE, body=BODY, seen=(0, 0))


def test_l6_a_dot_under_the_headings_does_not_unseal():
    lin, call = make_member("lin"), open_call(invitees=("lin", "zhou"), scaffold=REPORT)
    entry = begun(call, lin)
    assert "## 在哪里" in now_of(entry)["body"]
    for body in (".", "## 在哪里\n.\n## 发生了什么\n——", "## 在哪里\n南京\n## 发生了什么\n\n## 照片\n有"):
        with pytest.raises(Invalid) as refused:
            give_entry(by=lin, entry=entry, title=TITLE, body=body)
        assert "body" in refused.value.fields
    good = give_entry(by=lin, entry=entry, title=TITLE, body="## 在哪里\n南京\n## 发生了什么\n停了")
    assert good.is_given and good.words == 12


def test_l6_staff_return_what_says_nothing_and_its_writer_reads_no_others(run_deliveries):
    call = open_call(invitees=("lin", "zhou", "he"))
    lin = Member.objects.get(username="lin")
    other, entry = given(call, "zhou"), given(call, lin, body="就那样。")
    reveal(by=make_researcher(), call=call_of(call.task))
    return_entry(by=make_researcher(), entry=entry, reason="在哪里、哪一天？")
    call.refresh_from_db()
    assert again(entry).state == "returned"
    assert other in Entry.objects.visible_to(lin)  # the talk has begun, as nobody named another moment
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.ENTRY_RETURNED, member=lin).exists()
    assert give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY).version == 2


def test_l9_an_edit_after_support_makes_a_version_and_supporters_are_told(run_deliveries):
    make_catalogue()
    call, zhou = open_call(), make_member("zhou")
    entry = given(call, "lin")
    reply = replied(entry, zhou, "confirms", vehicle=make_car(zhou))
    assert reply.entry_version == 1
    edited = given(call, Member.objects.get(username="lin"), body="其实只试了一次。")
    assert edited.pk == entry.pk and edited.version == 2 and edited.edited_at
    assert list(edited.versions.values_list("body", flat=True)) == [BODY, "其实只试了一次。"]
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.ENTRY_CHANGED, member=zhou).exists()


def test_the_same_words_again_are_no_version():
    call = open_call()
    given(call, "lin")
    assert given(call, "lin").version == 1


def test_l14_the_entry_of_who_left_stays_without_a_name_or_goes_as_they_wished():
    call = open_call()
    kept, gone = given(call, "lin"), given(call, "zhou", keep_when_left=False)
    draft = begun(call, make_member("he"))
    for entry in (kept, gone, draft):
        forget_member(member_id=entry.author_id)
    assert again(kept).is_given and again(kept).body == BODY
    assert again(gone).state == again(draft).state == "withdrawn"
    assert again(gone).body == "" and not EntryVersion.objects.filter(entry=gone).exclude(body="").exists()


def test_withdrawn_is_withdrawn_with_every_word_and_picture():
    lin, call = make_member("lin"), open_call()
    picture = receive(by=lin, file=SimpleUploadedFile("a.jpg", photo()))
    entry = given(call, lin, body=f"{BODY}\n\n![那一刻]({picture.url})")
    assert Upload.objects.get(pk=picture.pk).number == entry.pk
    withdraw_entry(by=lin, entry=entry)
    assert again(entry).title == again(entry).body == again(entry).html == ""
    assert Upload.objects.get(pk=picture.pk).number is None
    assert entry not in Entry.objects.visible_to(make_member("he"))
    assert given(call, lin).pk != entry.pk


def test_words_of_the_list_are_refused_or_wait_for_a_moderator(run_deliveries):
    ContentRule.objects.create(phrase="加微信", verdict="review")
    ContentRule.objects.create(phrase="坏词", verdict="refuse")
    call, operator, he = open_call(), make_staff("operator"), make_member("he")
    with pytest.raises(Invalid):
        given(call, "lin", body=f"{BODY}坏词")
    entry = given(call, "lin", body=f"{BODY} 加微信")
    assert entry.state == "pending" and entry not in Entry.objects.visible_to(he)
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.ENTRY_HELD, member=operator).exists()
    moderate_entry(by=operator, entry=entry, hide=False)
    assert entry in Entry.objects.visible_to(he)
    with pytest.raises(Invalid):
        moderate_entry(by=operator, entry=again(entry), hide=True)
    assert moderate_entry(by=operator, entry=again(entry), hide=True, reason="广告").state == "hidden"
    assert entry not in Entry.objects.visible_to(he)


def test_rights_are_the_authors_and_every_change_is_kept():
    lin, call = make_member("lin"), open_call()
    entry = given(call, lin)
    entry = set_rights(by=lin, entry=entry, rights=Rights(quote_public=True))
    assert entry.quote_public and RightsChange.objects.filter(entry=entry).count() == 2
    set_rights(by=lin, entry=entry, rights=Rights(quote_public=True))
    assert RightsChange.objects.filter(entry=entry).count() == 2
    with pytest.raises(Forbidden):
        set_rights(by=make_member("he"), entry=entry, rights=Rights())


def test_two_write_together_with_named_shares():
    lin, zhou, call = make_member("lin"), make_member("zhou"), open_call()
    entry = begun(call, lin)
    with pytest.raises(Invalid):
        invite_writer(by=lin, entry=entry, username="zhou", share=100)
    row = invite_writer(by=lin, entry=entry, username="@zhou", share=40, part="照片和路线")
    with pytest.raises(Forbidden):
        saved(entry, zhou, "还没答应")
    join(by=zhou, writer=row)
    saved(entry, zhou, "周的一段")
    assert dict(Writer.objects.values_list("member__username", "share")) == {"lin": 60, "zhou": 40}
    give_entry(by=zhou, entry=again(entry), title=TITLE, body=BODY)
    assert Participation.objects.filter(task=call.task).count() == 2
    part_with(by=zhou, writer=Writer.objects.get(member=zhou))
    assert Writer.objects.get().share == 100
    with pytest.raises(Forbidden):
        withdraw_entry(by=zhou, entry=again(entry))


def test_what_is_over_takes_no_words():
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    moved(call.task, "closed")
    with pytest.raises(Conflict):
        give_entry(by=lin, entry=again(entry), title=TITLE, body=BODY)
    with pytest.raises(Conflict):
        saved(again(entry), lin, "迟到的话")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_l1_saves_of_two_devices_at_once_lose_neither():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    results = at_once(*[lambda n=n: saved(entry, lin, f"第 {n} 台设备") for n in range(4)])
    assert sum(one.aside is None for one in results) == 1
    texts = {Manuscript.objects.get(entry=entry).body, *(one.body for one in ManuscriptSave.objects.filter(aside=True))}
    assert len(texts) == 4
    assert Manuscript.objects.get(entry=entry).revision == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_l3_given_on_two_devices_at_once_is_one_version():
    lin = make_member("lin")
    entry = begun(open_call(), lin)
    results = at_once(*[lambda: give_entry(by=lin, entry=entry, title=TITLE, body=BODY) for _n in range(4)])
    assert not [one for one in results if isinstance(one, Exception)]
    assert EntryVersion.objects.filter(entry=entry).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_l5_the_last_two_give_at_once_and_it_is_revealed_once():
    names = ("lin", "zhou", "he", "wu")
    call = open_call(invitees=names)
    people = [Member.objects.get(username=name) for name in names]
    entries = [begun(call, one) for one in people]
    at_once(
        *[
            lambda one=one, entry=entry: give_entry(by=one, entry=entry, title=TITLE, body=BODY)
            for one, entry in zip(people, entries, strict=True)
        ]
    )
    assert call_of(call.task).revealed_at
    assert Fact.objects.filter(name="tasks.CallRevealed").count() == 1
    with transaction.atomic():
        assert Entry.objects.given().filter(call=call).count() == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_l5_who_gives_at_the_instant_of_the_reveal_is_in_time_or_marked():
    call = open_call(invitees=("lin", "zhou"))
    lin = Member.objects.get(username="lin")
    entry = begun(call, lin)
    results = at_once(
        lambda: give_entry(by=lin, entry=entry, title=TITLE, body=BODY),
        lambda: reveal(by=make_researcher(), call=call),
    )
    assert not [one for one in results if isinstance(one, Exception)]
    now, there = call_of(call.task), again(entry)
    assert there.is_given and there.after_reveal == (there.given_at > now.revealed_at)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_closing_while_somebody_gives_ends_with_one_answer():
    call = open_call()
    lin = make_member("lin")
    entry = begun(call, lin)
    results = at_once(
        lambda: give_entry(by=lin, entry=entry, title=TITLE, body=BODY), lambda: moved(call.task, "closed")
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Conflict) for one in refused)
    assert again(entry).is_given != bool(refused)
