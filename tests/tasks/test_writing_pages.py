"""The page on which an entry is written, without JavaScript: what is refused is kept, who comes back finds the page."""

from __future__ import annotations

import re

import pytest

from kocforum.members.models import Member
from tasks.actions.coauthors import invite_writer, join
from tasks.actions.manuscripts import save_manuscript
from tasks.models import Entry, Manuscript, ManuscriptSave, Writer
from tasks.queries.manuscripts import now_of
from tests.people import make_member
from tests.tasks.calls import BODY, TITLE, again, begun, given, open_call
from tests.tasks.stories import moved
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db
REPORT = [
    {"heading": "在哪里", "hint": "路名，或者最近的路口", "required": True},
    {"heading": "照片", "required": False},
]


def here_of(entry: Entry) -> str:
    return f"/tasks/{entry.call.task_id}/entries/{entry.pk}/"


def typed(entry: Entry, do: str = "save", **values) -> dict[str, str]:
    seen = now_of(again(entry))
    return {"title": TITLE, "body": BODY, "do": do, **{name: seen[name] for name in ("version", "revision")}, **values}


def together(call) -> tuple[Entry, Member, Member]:
    lin, zhou = make_member("lin"), make_member("zhou")
    entry = begun(call, lin)
    join(by=zhou, writer=invite_writer(by=lin, entry=entry, username="zhou", share=40))
    return entry, lin, zhou


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"body": "## 在哪里\n\n\n写了很久，可是写在标题上面了".replace("\n\n\n写", "\n\n## 照片\n写")}],
    ids=["no title", "an empty heading"],
)
def test_what_is_refused_as_it_is_given_is_saved_all_the_same(wrong):
    lin, call = make_member("lin"), open_call(scaffold=REPORT)
    entry = begun(call, lin)
    client = client_of(lin)
    sent = typed(entry, "give", body="## 在哪里\n南京\n\n## 照片\n没有") | wrong
    page = client.post(f"{here_of(entry)}write/", sent)
    assert page.status_code == 422 and not again(entry).is_given
    assert Manuscript.objects.get().body == sent["body"]
    fields = page.context["form"]
    assert int(fields["revision"].value()) == Manuscript.objects.get().revision == 1
    assert page.context["held"] is None
    assert client.get(f"{here_of(entry)}write/").context["form"]["body"].value() == sent["body"]


def test_what_can_not_be_saved_either_is_shown_and_the_page_says_what_the_server_holds():
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    save_manuscript(by=lin, entry=entry, title=TITLE, body="存好的", version=0, revision=0)
    page = client_of(lin).post(f"{here_of(entry)}write/", typed(entry, "give", body="字" * 100_001))
    assert page.status_code == 422 and Manuscript.objects.get().body == "存好的"
    assert page.context["held"] == {"title": TITLE, "body": "存好的", "version": 0, "revision": 1, "from": None}
    assert "字" * 100_001 in page.content.decode() and '<script id="held"' in page.content.decode()


def test_who_gives_from_an_older_text_sees_both_and_can_give_the_own():
    lin, call = make_member("lin"), open_call()
    entry, client = begun(call, lin), client_of(lin)
    save_manuscript(by=lin, entry=entry, title=TITLE, body="手机上的新稿", version=0, revision=0)
    page = client.post(f"{here_of(entry)}write/", typed(entry, "give", revision="0", body="电脑上的旧稿"))
    assert page.status_code == 422 and page.context["held"]["from"] == {"version": 0, "revision": 0}
    assert page.context["held"]["body"] == "手机上的新稿" and "电脑上的旧稿" in page.content.decode()
    fields = page.context["form"]
    again_sent = {name: fields[name].value() for name in ("title", "body", "version", "revision")}
    assert client.post(f"{here_of(entry)}write/", again_sent | {"do": "give"}).status_code == 302
    assert again(entry).body == "电脑上的旧稿"
    assert "手机上的新稿" in ManuscriptSave.objects.filter(aside=False).values_list("body", flat=True)


def test_who_saves_from_an_older_text_can_go_on_with_the_own():
    lin, call = make_member("lin"), open_call()
    entry, client = begun(call, lin), client_of(lin)
    save_manuscript(by=lin, entry=entry, title=TITLE, body="手机上的新稿", version=0, revision=0)
    page = client.post(f"{here_of(entry)}write/", typed(entry, revision="0", body="电脑上的旧稿"))
    assert page.status_code == 409
    fields = page.context["form"]
    again_sent = {name: fields[name].value() for name in ("title", "body", "version", "revision")}
    assert client.post(f"{here_of(entry)}write/", again_sent | {"do": "save"}).status_code == 302
    assert Manuscript.objects.get().body == "电脑上的旧稿" and not ManuscriptSave.objects.filter(aside=True)


def test_saving_by_itself_goes_on_after_it_was_given():
    lin, call = make_member("lin"), open_call()
    entry, client = begun(call, lin), client_of(lin)
    for words in ("一稿", "二稿"):
        for more in ("。", "。再写。"):
            answer = client.post(f"{here_of(entry)}save/", typed(entry, body=words + more))
            assert answer.status_code == 200, answer.content
        assert client.post(f"{here_of(entry)}write/", typed(entry, "give", body=words)).status_code == 302
    assert again(entry).version == 2
    assert client.post(f"{here_of(entry)}write/", typed(entry, body="三稿")).status_code == 302


def test_a_co_writer_begins_an_own_entry_and_finds_both():
    call = open_call()
    entry, _lin, zhou = together(call)
    client = client_of(zhou)
    page = client.get(f"/tasks/{call.task_id}/").content.decode()
    assert f"{here_of(entry)}write/" in page and f'href="/tasks/{call.task_id}/write/"' in page
    before = client.get(f"/tasks/{call.task_id}/write/")
    assert before.status_code == 200 and f"{here_of(entry)}write/" in before.content.decode()
    own = client.post(f"/tasks/{call.task_id}/write/", {})
    mine = Entry.objects.get(author=zhou)
    assert own.url == f"{here_of(mine)}write/"
    page = client.get(f"/tasks/{call.task_id}/").content.decode()
    assert f"{here_of(entry)}write/" in page and f"{here_of(mine)}write/" in page
    assert client.get(f"/tasks/{call.task_id}/write/").url == f"{here_of(mine)}write/"


def test_who_is_asked_by_name_may_begin_an_own_entry_beside_a_joint_one_and_others_may_not():
    call = open_call(invitees=("lin", "zhou"))
    lin, he = Member.objects.get(username="lin"), make_member("he")
    entry = begun(call, lin)
    join(by=he, writer=invite_writer(by=lin, entry=entry, username="he", share=40))
    page = client_of(he).get(f"/tasks/{call.task_id}/").content.decode()
    assert f"{here_of(entry)}write/" in page and f'href="/tasks/{call.task_id}/write/"' not in page
    page = client_of(he).get(f"/tasks/{call.task_id}/write/")
    assert (
        f"{here_of(entry)}write/" in page.content.decode()
        and '<form method="post" class="form rights"' not in page.content.decode()
    )


def test_a_refused_invitation_to_write_along_stays_open_with_everything_typed():
    lin, call = make_member("lin"), open_call()
    entry, client = begun(call, lin), client_of(lin)
    sent = {"do": "ask", "username": "nobody-here", "share": "25", "part": "照片和路线"}
    page = client.post(f"{here_of(entry)}writers/", sent)
    shown = page.content.decode()
    assert page.status_code == 422 and not Writer.objects.exclude(member=lin).exists()
    assert all(f'value="{value}"' in shown for value in ("nobody-here", "25", "照片和路线"))
    assert re.search(r"<details open><summary>[^<]*<", shown)
    assert page.context["along"].errors["username"]
    assert f'action="{here_of(entry)}write/"' in shown
    make_member("zhou")
    too_much = client.post(f"{here_of(entry)}writers/", sent | {"username": "zhou", "share": "100"})
    assert too_much.status_code == 422 and too_much.context["along"].errors["share"]
    assert client.post(f"{here_of(entry)}writers/", sent | {"username": "zhou"}).status_code == 302


@pytest.mark.parametrize("what", ["save", "aside", "writers", "rights", "withdraw"])
def test_who_comes_back_from_signing_in_to_what_is_only_sent_finds_the_page(what):
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    client = client_of()
    if what != "save":
        away = client.post(f"{here_of(entry)}{what}/", {})
        assert away.status_code == 302 and f"{what}/" in away.url
    client.force_login(lin)
    assert client.get(f"{here_of(entry)}{what}/").url == f"{here_of(entry)}write/"
    assert again(entry).state != "withdrawn"


def test_who_is_only_asked_to_write_along_comes_back_to_the_call():
    lin, zhou, call = make_member("lin"), make_member("zhou"), open_call()
    entry = begun(call, lin)
    invite_writer(by=lin, entry=entry, username="zhou", share=40)
    assert client_of(zhou).get(f"{here_of(entry)}writers/").url == f"/tasks/{call.task_id}/"


def test_nothing_is_ticked_before_somebody_ticks_it():
    lin, call = make_member("lin"), open_call()
    client = client_of(lin)
    page = client.get(f"/tasks/{call.task_id}/write/").content.decode()
    form = page[page.index('class="form rights"') :]
    assert "checked" not in form[: form.index("</form>")]
    assert client.post(f"/tasks/{call.task_id}/write/", {}).status_code == 302
    entry = Entry.objects.get()
    assert not (entry.quote_inside or entry.quote_public or entry.marketing or entry.keep_when_left)


def test_every_right_says_what_happens_without_it():
    call = open_call()
    form = client_of(make_member("lin")).get(f"/tasks/{call.task_id}/write/").context["form"]
    assert all(field.help_text for field in form)


def test_a_phone_has_the_outline_the_hints_and_the_promise_of_the_seal():
    call = open_call(invitees=("lin", "zhou"), scaffold=REPORT)
    entry = begun(call, Member.objects.get(username="lin"))
    page = client_of(entry.author).get(f"{here_of(entry)}write/").content.decode()
    before_the_form = page[: page.index('class="form writing-form"')]
    for words in ("路名，或者最近的路口", "data-outline"):
        assert words in before_the_form
    assert page.count("data-outline") == 2
    assert page.count("路名，或者最近的路口") == 2


def test_the_versions_page_shows_what_became_of_the_title():
    lin, call = make_member("lin"), open_call()
    given(call, lin)
    entry = given(call, lin, title="雪夜里的那次泊车")
    page = client_of().get(f"{here_of(entry)}versions/").content.decode()
    assert "<ins>雪</ins>" in page and "<del>雨</del>" in page


def test_what_is_over_is_refused_and_nothing_is_lost():
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    moved(call.task, "closed")
    page = client_of(lin).post(f"{here_of(entry)}write/", typed(entry, "give", body="晚了一分钟"))
    assert page.status_code == 422 and "晚了一分钟" in page.content.decode() and page.context["held"]


def test_the_writing_page_and_the_call_of_a_co_writer_cost_a_stated_number_of_queries():
    call = open_call()
    entry, lin, zhou = together(call)
    assert cost(client_of(lin), f"{here_of(entry)}write/") <= 14
    assert cost(client_of(zhou), f"/tasks/{call.task_id}/") <= 15


def test_what_was_sent_without_a_sign_in_meets_a_newer_text_and_neither_is_lost():
    entry = begun(open_call(), make_member("lin"))
    lin, here = entry.author, here_of(entry)
    phone, desk = client_of(lin), client_of(lin)
    old = typed(entry, body="从电脑上写的，写到一半。")
    desk.logout()
    phone.post(f"{here}write/", typed(entry, body="从手机上写的，已经存好了。"))
    desk.post(f"{here}write/", old)
    desk.force_login(lin)
    page = desk.get(f"{here}write/")
    assert page.context["held"]["from"] == {"version": 0, "revision": 0}
    assert page.context["held"]["body"] == "从手机上写的，已经存好了。"
    assert page.context["form"]["body"].value() == "从电脑上写的，写到一半。"
    assert Manuscript.objects.get().body == "从手机上写的，已经存好了。"
    assert [row.body for row in ManuscriptSave.objects.filter(aside=True)] == ["从电脑上写的，写到一半。"]


def test_what_was_sent_without_a_sign_in_is_saved_when_nothing_newer_is_there():
    entry = begun(open_call(), make_member("lin"))
    client, here, long = client_of(entry.author), here_of(entry), "长" * 70_000
    sent = typed(entry, body=long)
    client.logout()
    client.post(f"{here}write/", sent)
    client.force_login(entry.author)
    assert client.get(f"{here}write/").context["held"] is None
    assert Manuscript.objects.get().body == long


def test_the_text_that_does_not_go_on_stays_in_the_history():
    entry = begun(open_call(), make_member("lin"))
    client, here = client_of(entry.author), here_of(entry)
    first = typed(entry, body="手机上写的第一句。")
    aside = typed(entry, body="电脑上写的另一句话，长一点。")
    client.post(f"{here}save/", first)
    client.post(f"{here}save/", typed(entry, body="手机上写的第一句，又接着写。"))
    assert client.post(f"{here}save/", aside).status_code == 409
    client.post(f"{here}save/", typed(entry, body="电脑上写的另一句话。"))
    kept = {row.body for row in ManuscriptSave.objects.filter(entry=entry)}
    assert "手机上写的第一句，又接着写。" in kept and "电脑上写的另一句话，长一点。" in kept


@pytest.mark.parametrize("name", ["version", "revision"])
def test_a_number_that_no_page_has_is_refused(name):
    entry = begun(open_call(), make_member("lin"))
    client, here = client_of(entry.author), here_of(entry)
    assert client.post(f"{here}save/", {**typed(entry), name: 2**70}).status_code == 400
    assert client.post(f"{here}write/", {**typed(entry), name: 2**70}).status_code == 422
