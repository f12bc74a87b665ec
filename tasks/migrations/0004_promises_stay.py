"""Rows for single choices go. From the first answer that is begun, the database itself keeps a survey's promises."""

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS tasks_promises_stay BEFORE UPDATE OF privacy, results, amendable ON tasks_survey "
    "WHEN OLD.fixed_at IS NOT NULL AND (NEW.privacy <> OLD.privacy OR NEW.results <> OLD.results "
    "OR NEW.amendable <> OLD.amendable) BEGIN SELECT RAISE(ABORT, 'a promise that was given stays'); END"
)
POSTGRESQL = """
CREATE OR REPLACE FUNCTION tasks_keep_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a promise that was given stays' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER tasks_promises_stay BEFORE UPDATE OF privacy, results, amendable ON tasks_survey FOR EACH ROW
WHEN (OLD.fixed_at IS NOT NULL AND (NEW.privacy, NEW.results, NEW.amendable)
      IS DISTINCT FROM (OLD.privacy, OLD.results, OLD.amendable))
EXECUTE FUNCTION tasks_keep_promises()
"""
SQLITE_BACK = "DROP TRIGGER IF EXISTS tasks_promises_stay"
POSTGRESQL_BACK = "DROP TRIGGER tasks_promises_stay ON tasks_survey; DROP FUNCTION tasks_keep_promises()"


def _run(schema_editor, on_sqlite, on_postgresql):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute({"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor])


def forwards(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def backwards(apps, schema_editor):
    _run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_answers_by_key")]
    operations = [
        migrations.DeleteModel(name="Answer"),
        migrations.DeleteModel(name="OldResponse"),
        migrations.RunPython(forwards, backwards),
    ]
