"""What is rendered once in a process is the frame, never a person."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from kocforum.members.models import Member


def test_the_kept_text_follows_its_values(settings):
    settings.DEBUG = False
    page = Template("{% load keeping %}{% keep section %}{{ section }} {{ other }}{% endkeep %}")
    assert page.render(Context({"section": "topics", "other": 1})) == "topics 1"
    assert page.render(Context({"section": "topics", "other": 2})) == "topics 1"
    assert page.render(Context({"section": "desk", "other": 3})) == "desk 3"
    assert page.render(Context({"other": 4})) == " 4"


@pytest.mark.django_db
def test_nobody_sees_anothers_name_number_or_menu(client, style_pages):
    zhou = Member.objects.create_user("zhouxing", display_name="周行")
    staff = Member.objects.create_user("operator", display_name="运营", is_staff=True)
    pages = {}
    for who in (staff, zhou, None, zhou, staff):
        client.logout()
        if who:
            client.force_login(who)
        pages[who] = client.get("/styleguide/reply/5/").content.decode()
    assert "运营" in pages[staff] and "/desk/" in pages[staff]
    assert "zhouxing" in pages[zhou] and "运营" not in pages[zhou] and "/desk/" not in pages[zhou]
    assert "zhouxing" not in pages[None] and "/me/" not in pages[None]
    assert f'data-live="member:{zhou.pk}"' in pages[zhou]
    tokens = {name: page.split('name="csrfmiddlewaretoken" value="')[1][:64] for name, page in pages.items()}
    assert len(set(tokens.values())) == 3
