"""The opinion map of a call: statements drawn from entries, what each reader says to them, and the map that follows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.forum.enums import PostState

from .calls import Call
from .entries import Entry

LONGEST_STATEMENT = 140


class StatementQuerySet(models.QuerySet):
    def visible_to(self, user) -> StatementQuerySet:
        """As the entry from which it was drawn: what is withdrawn, hidden or sealed takes its statements along."""
        shown = Q(state=PostState.VISIBLE)
        if user.is_authenticated:
            waiting = [PostState.PENDING, PostState.HIDDEN]
            shown |= Q(state__in=waiting) if user.has_role("operator") else Q(by=user.pk, state=PostState.PENDING)
        return self.filter(shown, entry__in=Entry.objects.visible_to(user).given())

    def standing(self) -> StatementQuerySet:
        """What is counted, whoever looks."""
        return self.filter(state=PostState.VISIBLE, entry__in=Entry.objects.given())


class Statement(models.Model):
    """One sentence to which one can say yes, no or "I pass". Its words never change: a vote is for these words."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="statements")
    entry = models.ForeignKey(Entry, verbose_name=_("drawn from"), on_delete=models.CASCADE, related_name="statements")
    text = models.CharField(_("statement"), max_length=LONGEST_STATEMENT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=PostState.choices, default=PostState.VISIBLE)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call", "text"], condition=~Q(state=PostState.REMOVED), name="one_statement_per_call_and_text"
            )
        ]

    def __str__(self) -> str:
        return self.text


class StatementVote(models.Model):
    """What one reader says to one statement. One row each; who changes their mind changes the row."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    vote = models.SmallIntegerField(help_text=_("1 agree, 0 pass, −1 disagree."))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "member"], name="one_vote_per_statement_and_member"),
            models.CheckConstraint(condition=Q(vote__in=[-1, 0, 1]), name="a_vote_is_yes_no_or_pass"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.vote}"


class OpinionMap(models.Model):
    """The map as it was last drawn. Everybody sees this one, so that nobody can watch a number move with one vote.

    `drawing`: totals and groups, as `queries/opinion_maps.py: drawing_of` makes it; no person is in it. `members`: {member: group},
    told to each member alone.
    """

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="opinion_map")
    drawing = models.JSONField(default=dict)
    members = models.JSONField(default=dict)
    stamp = models.CharField(max_length=120, help_text=_("Of the votes from which it was drawn."))
    drawn_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.call_id} {self.drawn_at:%Y-%m-%d %H:%M}"
