"""`manage.py facts` shows who listens to what."""

from io import StringIO

from django.core.management import call_command

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on


def test_it_names_fields_listeners_and_duties(bell_rung):
    @on(bell_rung)
    def listener(told, row): ...

    @every(days=1, at="08:30")
    def morning(): ...

    out = StringIO()
    call_command("facts", stdout=out, no_color=True)
    said = out.getvalue()
    assert "conftest.BellRung(bell_id: int, loud: bool)\n    Somebody rang the bell.\n" in said
    assert ".listener\n" in said
    assert "every 1 day, 0:00:00 at 08:30" in said
