"""A column of lexemes: text that an FTS5 index reads on SQLite, a tsvector on PostgreSQL.

Without positions: a phrase would make PostgreSQL unpack the vector of every candidate, which costs a hundred times the
index. Whether neighbouring characters really stand together is looked up in the text of the few best.
"""

from __future__ import annotations

from typing import Any

from django.db import models


def quoted(lexeme: str) -> str:
    """A lexeme as a literal of tsvector or tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


class LexemesField(models.Field):
    """Written as a list of strings without spaces. Never read back: queries leave it out."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        said = dict.fromkeys(value)
        return " ".join(map(quoted, said) if connection.vendor == "postgresql" else said)


@LexemesField.register_lookup
class Matches(models.Lookup):
    """`lexemes__matches=` an expression of FTS5 or a tsquery, as the database has it."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [value]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", [*left_params, *right_params]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        key = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{connection.ops.quote_name('id')}"
        right, right_params = self.process_rhs(compiler, connection)
        return f"{key} IN (SELECT rowid FROM search_index WHERE search_index MATCH {right})", list(right_params)
