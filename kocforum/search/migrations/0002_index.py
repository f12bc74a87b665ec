"""The full text index: an FTS5 table that follows the documents by triggers on SQLite, a GIN index on PostgreSQL.

The lexemes are made in Python for both, so the `ascii` tokenizer only has to part them at spaces: to it every character
beyond ASCII belongs to a token, and of ASCII those named here do too.
"""

from django.db import migrations

SQLITE = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        lexemes, content='search_searchdocument', content_rowid='id',
        tokenize="ascii tokenchars '.-_/''+^'", prefix='1', detail=none, columnsize=0
    )
    """,
    """
    CREATE TRIGGER search_document_told AFTER INSERT ON search_searchdocument BEGIN
        INSERT INTO search_index(rowid, lexemes) VALUES (new.id, new.lexemes);
    END
    """,
    """
    CREATE TRIGGER search_document_forgotten AFTER DELETE ON search_searchdocument BEGIN
        INSERT INTO search_index(search_index, rowid, lexemes) VALUES ('delete', old.id, old.lexemes);
    END
    """,
    """
    CREATE TRIGGER search_document_changed AFTER UPDATE OF lexemes ON search_searchdocument BEGIN
        INSERT INTO search_index(search_index, rowid, lexemes) VALUES ('delete', old.id, old.lexemes);
        INSERT INTO search_index(rowid, lexemes) VALUES (new.id, new.lexemes);
    END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER search_document_changed",
    "DROP TRIGGER search_document_forgotten",
    "DROP TRIGGER search_document_told",
    "DROP TABLE search_index",
)
POSTGRESQL = ("CREATE INDEX search_by_lexemes ON search_searchdocument USING gin (lexemes)",)
POSTGRESQL_BACK = ("DROP INDEX search_by_lexemes",)


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
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
