"""Posters leave the house, so they show public things only."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from kocforum.forum.actions.reports import withdraw_report
from kocforum.ui.posters import Poster, draw, wrapped
from tests.forum.stories import told
from tests.people import make_member

pytestmark = pytest.mark.django_db


def test_a_public_report_has_a_poster(client):
    report = told(make_member())
    answer = client.get(f"/reports/{report.pk}/poster.png")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1080, 1440)


def test_a_withdrawn_or_held_report_has_none_even_for_its_teller(client):
    lin = make_member()
    report = told(lin)
    held = told(lin, vehicle=report.observation.vehicle, severity="injury")
    withdraw_report(by=lin, report=report)
    client.force_login(lin)
    assert client.get(f"/reports/{report.pk}/poster.png").status_code == 404
    assert client.get(f"/reports/{held.pk}/poster.png").status_code == 404


def test_lines_break_between_chinese_and_never_inside_a_word():
    lines = wrapped("右边一台白色 SUV，左边空着的车位，一共试了三次都没有成功。", 34, 220, 9)
    assert len(lines) > 2 and any("SUV" in line for line in lines)
    assert not any(line[0] in "，。" for line in lines)


def test_a_very_long_title_is_cut_and_drawn():
    poster = Poster(
        kicker="现场报告", title="很长的标题" * 60, url="http://x.test/t/1/", site="车主回声", words="字" * 2000
    )
    assert draw(poster)[:4] == b"\x89PNG"
