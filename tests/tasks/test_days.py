"""Days that nobody means: in no year of ours, or no day at all. Pages and addresses say so at the field, and nothing falls over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings

from kocforum.members.models import Ban
from tasks.models import Expense, Initiative, Loan, Milestone, PromotionSlot, Tranche
from tests.people import make_car, make_catalogue, make_member
from tests.tasks.initiatives import drafted_initiative, koc
from tests.tasks.material import FLAGS, endorsed, item
from tests.tasks.money import asked, granted, receipt, staff
from tests.tasks.test_pages import client_of
from tests.tasks.test_survey_api import api

NO_DAYS = ("0001-01-01", "9999-12-31", "2026-02-30", "明天")


def wrong_fields(answer: Any) -> set[str]:
    """Whatever a form of this page says is wrong, by field; `parts-0-due_on` is `due_on`."""
    found: set[str] = set()
    shown = [value for context in answer.context for layer in context.dicts for value in layer.values()]
    for value in shown:
        for form in value.forms if isinstance(value, forms.BaseFormSet) else [value]:
            found |= set(form.errors) if isinstance(form, forms.BaseForm) else set()
    return found


@pytest.mark.parametrize("day", NO_DAYS)
@pytest.mark.django_db
def test_a_day_that_nobody_means_is_said_at_its_field_on_every_page_and_what_was_typed_stays(day):
    made = endorsed(koc(), asks=(*asked(50_000), *FLAGS))
    large, house = granted(900_000, title="大项目"), staff("approver")
    for who, path, names in (
        (koc(), f"/initiatives/{made.pk}/milestones/", {"due_on"}),
        (koc(), "/initiatives/new/", {"begins_on", "ends_on"}),
        (koc(), f"/initiatives/{made.pk}/money/new/", {"issued_on", "rate_on"}),
        (house, f"/desk/initiatives/{made.pk}/support/loans/", {"due_back_on"}),
        (house, f"/desk/initiatives/{made.pk}/support/slots/", {"begins_on", "ends_on"}),
    ):
        answer = client_of(who).post(path, {**dict.fromkeys(names, day), "what": "谈妥"})
        assert answer.status_code == 422 and names <= wrong_fields(answer), path
        assert f'value="{day}"' in answer.content.decode(), path
    parts = {"parts-TOTAL_FORMS": 1, "parts-INITIAL_FORMS": 0, "parts-0-amount": "4500", "parts-0-due_on": day}
    answer = client_of(house).post(f"/desk/initiatives/{large.initiative_id}/money/plan/", parts)
    assert answer.status_code == 422 and "due_on" in wrong_fields(answer)
    for model in (Milestone, Expense, Loan, PromotionSlot):
        assert not model.objects.exists()
    assert Initiative.objects.count() == 2 and not Tranche.objects.exclude(due_on=None).exists()


@pytest.mark.parametrize("day", NO_DAYS)
@pytest.mark.django_db
def test_a_day_that_nobody_means_is_a_wrong_field_in_json(day):
    made, draft = endorsed(koc(), asks=(*asked(50_000), *FLAGS)), drafted_initiative(title="雪地")
    zhou, house, thing = api(koc()), api(staff("approver")), item()
    paper = {"amount_minor": 100, "currency": "CNY", "receipt": receipt(koc()).pk, "issued_on": day}
    slot = {"place": "front", "begins_on": day, "ends_on": day, "wording": "一起慢慢开"}
    for who, send, path, said, names in (
        (zhou, "post", f"{made.pk}/milestones/", {"what": "谈妥", "due_on": day}, {"due_on"}),
        (zhou, "post", f"{made.pk}/expenses/", paper, {"issued_on"}),
        (zhou, "post", f"{made.pk}/expenses/", {**paper, "issued_on": None, "rate_on": day}, {"rate_on"}),
        (zhou, "patch", f"{draft.pk}/", {"begins_on": day, "ends_on": day}, {"begins_on", "ends_on"}),
        (house, "post", f"{made.pk}/loans/", {"item": thing.pk, "quantity": 1, "due_back_on": day}, {"due_back_on"}),
        (house, "post", f"{made.pk}/slots/", slot, {"begins_on", "ends_on"}),
    ):
        answer = getattr(who, send)(f"/api/v1/initiatives/{path}", said, format="json")
        assert answer.status_code == 400 and set(answer.json()) == names, path
    for model in (Milestone, Expense, Loan, PromotionSlot):
        assert not model.objects.exists()


@pytest.mark.parametrize("day", NO_DAYS)
@pytest.mark.django_db
def test_a_ban_until_a_day_that_nobody_means_holds_back_nobody(day):
    lin, desk = make_member("lin"), client_of(staff("operator"))
    answer = desk.post(
        f"/admin/members/member/{lin.pk}/ban/", {"reason": "广告", "until_0": day, "until_1": "12:00:00"}
    )
    assert answer.status_code == 400 and "until" in wrong_fields(answer) and not Ban.objects.exists()


@pytest.mark.parametrize("day", NO_DAYS)
@pytest.mark.django_db
def test_a_version_is_installed_on_no_day_that_nobody_means(day):
    make_catalogue()
    car = make_car(koc())
    said = {"software_version": "4.2.0", "installed_on": day}
    answer = api(koc()).patch(f"/api/v1/vehicles/{car.pk}/", said, format="json")
    assert answer.status_code == 400 and set(answer.json()) == {"installed_on"}


def test_whoever_asks_for_a_day_takes_the_field_that_knows_the_ends_of_the_calendar():
    bare = re.compile(r"\b(forms|serializers)\.(DateField|SplitDateTimeField)\(")
    root = Path(settings.BASE_DIR)
    files = [file for app in ("tasks", "insights", "kocforum") for file in (root / app).rglob("*.py")]
    taken = {str(file.relative_to(root)): bare.findall(file.read_text(encoding="utf-8")) for file in files}
    # Those that are built on them name them without calling them.
    assert len(taken) > 100 and not {path: found for path, found in taken.items() if found}
