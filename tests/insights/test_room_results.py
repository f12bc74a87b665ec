"""What a room chose goes under a ticket, and the room hears of it (W19)."""

from __future__ import annotations

import pytest

from insights.actions.audit import content_of
from insights.actions.distilled import write
from insights.actions.tickets import promote
from insights.forms.distilled import as_text
from insights.models import Ticket
from kocforum.errors import Invalid
from tasks.actions.moves import move_task
from tasks.actions.reports import report_task
from tasks.models import RoomResult
from tests.tasks.test_minutes import with_minutes
from tests.tasks.test_pages import client_of
from tests.tasks.workshops import person

pytestmark = pytest.mark.django_db


def test_a_ticket_rests_on_what_a_room_chose_and_says_how_it_was_voted():
    here, _minutes = with_minutes()
    researcher, chosen = person("researcher"), RoomResult.objects.get(kind="chosen")
    with pytest.raises(Invalid):
        promote(by=researcher, kind="defect")
    ticket = promote(by=researcher, kind="defect", evidence=[chosen])
    chosen.refresh_from_db()
    assert chosen.taken_up_at
    (row,) = content_of(ticket.snapshots.get())["rooms"]
    assert (row["id"], row["title"], row["owners"], row["staff"]) == (chosen.pk, "声音", 2, 1)
    assert "先响一声再说话" not in ticket.snapshots.get().canonical  # what was said there stays there
    (finding,) = ticket.distilled_reports.get().findings
    assert finding["rooms"] == [chosen.pk] and f"R{chosen.pk}" in as_text([finding])
    action = RoomResult.objects.get(kind="action")
    with pytest.raises(Invalid):
        write(
            by=researcher,
            ticket=ticket,
            findings=[{"text": "房间里选了声音", "rooms": [action.pk]}],
            counter_examples="没有",
        )
    here.task.refresh_from_db()
    move_task(by=researcher, task=here.task, to="analysed", expected="closed")
    here.task.refresh_from_db()
    assert report_task(by=researcher, task=here.task, expected="analysed", changed="已经在做。").pk
    assert here.task.outcomes.exists()


def test_from_the_desk_of_a_room_to_a_ticket_in_one_step():
    here, _minutes = with_minutes()
    desk = client_of(person("researcher"))
    chosen = RoomResult.objects.get(kind="chosen")
    way = f"/desk/promote/?result={chosen.pk}"
    assert way in desk.get(f"/desk/tasks/{here.task_id}/").content.decode()
    assert "声音" in desk.get(way).content.decode()
    made = desk.post(way, {"kind": "wish", "title": "换一个提示音", "result": chosen.pk})
    ticket = Ticket.objects.get()
    assert made.status_code == 302 and ticket.evidence.get().room_result == chosen
    assert way not in desk.get(f"/desk/tasks/{here.task_id}/").content.decode()  # nobody makes it twice
    assert desk.get(f"/desk/tickets/{ticket.pk}/").content.decode().count("声音") >= 1
    assert "R" in desk.get(f"/desk/tickets/{ticket.pk}/evidence/1/").content.decode()


def test_no_because_is_said_from_the_desk():
    here, _minutes = with_minutes()
    desk, chosen = client_of(person("researcher")), RoomResult.objects.get(kind="chosen")
    place = f"/desk/tasks/results/{chosen.pk}/"
    said = {"result": chosen.pk, "expected": "open", "to": "dropped", "reason": ""}
    desk.post(place, said)
    chosen.refresh_from_db()
    assert chosen.state == "open"
    answer = desk.post(place, {**said, "reason": "扬声器换了"})
    chosen.refresh_from_db()
    assert chosen.state == "dropped" and answer.url == f"/desk/tasks/{here.task_id}/#result-{chosen.pk}"
    assert client_of(person("zhou")).post(place, said).status_code in {302, 403, 404}
