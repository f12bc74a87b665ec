from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kocforum.errors import Conflict
from kocforum.members.actions import attach_phone, ban, enrol, set_koc_level, verify_phone
from kocforum.members.models import Ban, Member

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(*acts):
    """Run acts at the same moment in threads of their own; answers what each returned or raised."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(10)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_two_operators_at_once_leave_one_ban(owner, operator):
    other = enrol(username="second_desk", role="operator", email="second@example.cn")
    answers = together(
        lambda: ban(by=operator, member=Member.objects.get(pk=owner.pk), reason="一"),
        lambda: ban(by=other, member=Member.objects.get(pk=owner.pk), reason="二"),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Ban", "Conflict"]
    assert Ban.objects.count() == 1


def test_one_number_is_proved_by_one_account(db):
    first, second = (enrol(username=name, email=f"{name}@example.cn") for name in ("first", "second"))
    attach_phone(member=first, phone="+8613912345678")
    answers = together(
        lambda: verify_phone(member=first, phone="+8613912345678"),
        lambda: verify_phone(member=second, phone="+8613912345678"),
    )
    assert sum(isinstance(answer, Member) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert Member.objects.filter(phone="+8613912345678", phone_verified_at__isnull=False).count() == 1


def test_two_levels_at_once_are_told_apart(owner, operator, researcher):
    answers = together(
        *(
            lambda by=by, level=level: set_koc_level(
                by=by, member=Member.objects.get(pk=owner.pk), level=level, reason="好", expected=""
            )
            for by, level in ((operator, "koc"), (researcher, "senior"))
        )
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
