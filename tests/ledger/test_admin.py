"""The ledger in Django admin is read, and a delivery can be given again."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from kocforum.ledger.admin import DeliveryAdmin
from kocforum.ledger.models import Delivery, Fact, Heartbeat, Schedule
from kocforum.ledger.subscribers import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return get_user_model().objects.create_superuser("boss", password="x")


@pytest.mark.parametrize("model", [Fact, Delivery, Schedule, Heartbeat])
def test_nobody_writes_the_ledger_by_hand(model, boss):
    request = RequestFactory().get("/")
    request.user = boss
    site = admin.site._registry[model]
    assert site.has_view_permission(request)
    assert not site.has_add_permission(request)
    assert not site.has_change_permission(request)
    assert not site.has_delete_permission(request)


def test_the_pages_open(client, boss, bell_rung, ring):
    @on(bell_rung)
    def listener(told, row): ...

    (delivery,) = ring()
    client.force_login(boss)
    for path in ("fact", "delivery", "schedule", "heartbeat"):
        assert client.get(f"/admin/ledger/{path}/").status_code == 200
    assert client.get(f"/admin/ledger/fact/{delivery.fact_id}/change/").status_code == 200
    assert client.get(f"/admin/ledger/delivery/{delivery.pk}/change/").status_code == 200


def test_a_dead_delivery_is_given_again_by_its_action(client, boss, bell_rung, ring, run_deliveries):
    heard = []

    @on(bell_rung)
    def listener(told, row):
        heard.append(told.bell_id)

    (delivery,) = ring()
    Delivery.objects.update(state=Delivery.State.DEAD, attempts=8, error="oops")
    run_deliveries(strict=False)
    assert heard == []
    client.force_login(boss)
    answer = client.post(
        "/admin/ledger/delivery/", {"action": "give_deliveries_again", "_selected_action": [delivery.pk]}
    )
    assert answer.status_code == 302
    run_deliveries()
    assert heard == [7]


def test_who_may_only_look_is_not_offered_the_action(boss):
    request = RequestFactory().get("/")
    request.user = get_user_model().objects.create_user("looker", is_staff=True)
    assert "give_deliveries_again" not in DeliveryAdmin(Delivery, admin.site).get_actions(request)
    request.user = boss
    assert "give_deliveries_again" in DeliveryAdmin(Delivery, admin.site).get_actions(request)
