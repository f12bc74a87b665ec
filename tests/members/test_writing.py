from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.members.actions import ban, enrol, lift_ban, publish_agreement, record_consent
from kocforum.members.models import Agreement, Consent, Member
from kocforum.members.queries import member_of_session
from kocforum.members.rules import MustFirst, can_write, is_banned

TEXT = {"body": "新的约定，请读完再同意。" * 3, "body_en": "A new agreement, please read it. " * 3}


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def test_a_verified_member_writes_and_it_costs_one_query(owner, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert can_write(owner) is True
        assert can_write(owner) is True


def test_the_member_of_a_session_writes_without_a_question_more(owner, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = member_of_session(owner.pk)
        assert can_write(found) is True
    assert found == owner and found.date_joined == owner.date_joined and member_of_session(0) is None


def test_what_stands_against_writing_is_found_for_the_member_of_a_session_too(owner, operator, admin):
    ban(by=operator, member=owner, reason="重复发布广告")
    assert "重复发布广告" in str(can_write(member_of_session(owner.pk)))
    lift_ban(by=operator, ban=owner.bans.get(), reason="说清楚了")
    assert can_write(member_of_session(owner.pk)) is True
    publish_agreement(by=admin, kind=Agreement.Kind.TERMS, **TEXT)
    due = member_of_session(owner.pk)
    assert can_write(due).url_name == "consents"
    record_consent(by=due, agreements=Agreement.objects.current())
    assert can_write(due) is True is can_write(member_of_session(owner.pk))


def test_a_ban_within_a_request_is_heard_within_it(owner, operator):
    found = member_of_session(owner.pk)
    assert can_write(found) is True
    ban(by=operator, member=found, reason="骂人")
    assert can_write(found) is not True


def test_a_session_of_a_closed_account_belongs_to_nobody(owner, client):
    client.force_login(owner)
    assert client.get("/me/settings/").status_code == 200
    Member.objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get("/me/settings/").url.startswith("/accounts/login/")


def test_who_is_not_signed_in_or_not_verified_hears_what_to_do(db):
    refusal = can_write(AnonymousUser())
    assert isinstance(refusal, MustFirst) and refusal.url_name == "account_login"
    refusal = can_write(Member.objects.create_user("plain"))
    assert isinstance(refusal, MustFirst) and refusal.url_name == "settings"


def test_a_banned_member_reads_the_reason(owner, operator):
    assert can_write(owner) is True
    ban(by=operator, member=owner, reason="重复发布广告")
    refusal = can_write(owner)
    assert isinstance(refusal, Forbidden) and "重复发布广告" in str(refusal)
    assert is_banned(fresh(owner))


def test_a_ban_ends_by_itself_at_its_time(owner, operator, time_machine):
    until = timezone.now() + timedelta(days=2)
    ban(by=operator, member=owner, reason="争吵升级", until=until)
    assert isinstance(can_write(fresh(owner)), Forbidden)
    time_machine.move_to(until + timedelta(seconds=1))
    assert can_write(fresh(owner)) is True


def test_a_ban_is_lifted_with_a_reason_and_only_once(owner, operator):
    row = ban(by=operator, member=owner, reason="误判")
    with pytest.raises(Invalid):
        lift_ban(by=operator, ban=row, reason=" ")
    lift_ban(by=operator, ban=row, reason="核实后解除")
    assert can_write(fresh(owner)) is True
    with pytest.raises(Conflict):
        lift_ban(by=operator, ban=row, reason="再来一次")
    assert list(
        Fact.objects.filter(name__in=["members.MemberBanned", "members.BanLifted"]).values_list("name", flat=True)
    ) == [
        "members.MemberBanned",
        "members.BanLifted",
    ]


def test_bans_are_for_operators_and_not_for_themselves_or_other_staff(people):
    for by, member in (
        (people.owner, people.operator),
        (people.researcher, people.owner),
        (people.operator, people.operator),
        (people.operator, people.researcher),
    ):
        with pytest.raises(Forbidden):
            ban(by=by, member=member, reason="不行")
    ban(by=people.admin, member=people.researcher, reason="可以")


def test_a_second_ban_waits_for_the_end_of_the_first(owner, operator):
    ban(by=operator, member=owner, reason="一")
    with pytest.raises(Conflict):
        ban(by=operator, member=owner, reason="二")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "x" * 201}, {"reason": "ok", "until": timezone.now()}])
def test_a_ban_needs_a_reason_and_a_time_to_come(owner, operator, wrong):
    with pytest.raises(Invalid):
        ban(by=operator, member=owner, **wrong)


def test_a_new_text_interrupts_writing_until_it_is_accepted(owner, admin):
    text = publish_agreement(by=admin, kind="terms", **TEXT)
    assert text.version == 2
    refusal = can_write(fresh(owner))
    assert isinstance(refusal, MustFirst) and refusal.url_name == "consents"
    record_consent(by=owner, agreements=[text])
    record_consent(by=owner, agreements=[text])
    assert can_write(fresh(owner)) is True
    assert Consent.objects.filter(member=owner, agreement=text).count() == 1


def test_who_joins_after_a_text_accepted_it_at_the_door(admin):
    publish_agreement(by=admin, kind="privacy", **TEXT)
    assert can_write(enrol(username="newcomer", email="n@example.cn")) is True


def test_only_administrators_publish_texts_in_both_languages(people):
    with pytest.raises(Forbidden):
        publish_agreement(by=people.operator, kind="terms", **TEXT)
    with pytest.raises(Invalid) as refused:
        publish_agreement(by=people.admin, kind="terms", body=TEXT["body"], body_en="")
    assert list(refused.value.fields) == ["body_en"]


def test_a_text_can_be_read_and_so_can_a_former_one(client, admin):
    assert "随时注销" in client.get("/accounts/agreement/terms/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "close your account" in client.get("/accounts/agreement/terms/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    publish_agreement(by=admin, kind="terms", **TEXT)
    assert "新的约定" in client.get("/accounts/agreement/terms/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert (
        "随时注销"
        in client.get("/accounts/agreement/terms/?version=1", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    )
    assert client.get("/accounts/agreement/nothing/").status_code == 404
    assert client.get("/accounts/agreement/terms/?version=9").status_code == 404


class TestInterruption:
    """A POST to any page of the site, while a text is due."""

    @pytest.fixture
    def due(self, client, owner, admin):
        client.force_login(owner)
        return Agreement.objects.create(kind="terms", version=2, **TEXT)

    def test_reading_goes_on(self, client, due):
        assert client.get("/accounts/agreement/privacy/").status_code == 200
        assert client.get("/me/settings/").status_code == 200

    def test_what_was_typed_travels_along_and_arrives_after_the_consent(self, client, due, owner):
        typed = {"title": "雨夜泊车 <失败>", "tags": ["a", "b"]}
        asked = client.post("/t/new/", typed)
        page = asked.content.decode()
        assert asked.status_code == 403
        assert 'value="雨夜泊车 &lt;失败&gt;"' in page and page.count('name="tags"') == 2
        again = client.post("/t/new/", {**typed, "consenting": "1"})
        assert again.status_code == 403 and "Please read it and tick the box." in again.content.decode()
        assert not Consent.objects.filter(agreement=due, member=owner).exists()
        arrived = client.post("/t/new/", {**typed, "consenting": "1", f"accept-{due.pk}": "1"})
        assert Consent.objects.filter(agreement=due, member=owner).exists()
        assert arrived.status_code != 403

    def test_the_page_of_consents_gives_way_when_nothing_is_due(self, client, due):
        assert client.post("/accounts/consents/", {}).status_code == 400
        done = client.post("/accounts/consents/", {f"accept-{due.pk}": "1", "next": "https://evil.example"})
        assert done.headers["Location"] == "/"
        assert client.get("/accounts/consents/?next=/me/data/").headers["Location"] == "/me/data/"
