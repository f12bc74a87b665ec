"""Evidence and the audit chain are written once: the database itself refuses to change or remove their rows."""

from django.db import migrations

TABLES = ("insights_evidencesnapshot", "insights_auditentry")

SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'frozen rows do not change'); END"
    for table in TABLES
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]
POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION insights_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'frozen rows do not change' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    *[
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION insights_refuse_change()"
        for table in TABLES
    ],
]
POSTGRESQL_BACK = [
    *[f"DROP TRIGGER {table}_frozen ON {table}" for table in TABLES],
    "DROP FUNCTION insights_refuse_change()",
]


def _run(schema_editor, on_sqlite, on_postgresql):
    statements = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def forwards(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def backwards(apps, schema_editor):
    _run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
