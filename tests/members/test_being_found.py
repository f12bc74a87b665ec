from __future__ import annotations

import pytest

from kocforum.members.actions import close_account, edit_profile
from kocforum.search.models import SearchDocument

pytestmark = pytest.mark.django_db


def found() -> set[str]:
    return set(SearchDocument.objects.filter(kind="member").values_list("title", flat=True))


def test_a_member_is_found_by_the_name_of_today_and_not_after_leaving(owner, run_deliveries):
    run_deliveries()
    assert found() == {"阿泽"}
    edit_profile(by=owner, display_name="雨夜车位")
    run_deliveries()
    assert found() == {"雨夜车位"}
    close_account(by=owner)
    run_deliveries()
    assert found() == set()


def test_who_proved_nothing_is_not_found(signed_up, run_deliveries):
    signed_up(phone="13912345678")
    run_deliveries()
    assert found() == set()
