"""The one table that is searched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .lexemes import LexemesField


class SearchDocument(models.Model):
    """What one row of a registered kind is found by. Whether a person may see that row is asked of its kind, never here.

    The small columns come first: SQLite then reads no long text when it sorts by them. A migration that alters this table
    on SQLite makes it anew, and must make the triggers of 0002 again.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    parent_id = models.BigIntegerField(null=True, help_text="The thread that it stands in; a thread names itself.")
    author_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(help_text="When the thing was written.")
    weight = models.FloatField(default=1.0, help_text="Above 1 is found before others that match as well.")
    indexed_at = models.DateTimeField(auto_now=True)
    title = models.CharField(max_length=200, blank=True)
    title_folded = models.CharField(max_length=400, blank=True)
    facets = models.JSONField(default=dict, help_text="Plain values that a search can be narrowed by.")
    body = models.TextField(blank=True)
    lexemes = LexemesField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_document_per_thing")]
        indexes: ClassVar = [models.Index(fields=["kind", "indexed_at"], name="document_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
