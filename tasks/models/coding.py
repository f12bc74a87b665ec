"""Reading entries for what they say: a codebook, passages that carry its codes, two who read apart, and quotes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .calls import Call
from .entries import Entry, EntryVersion


class Codebook(models.Model):
    """The codes of a call. Fixed as soon as a second person reads by it; other codes are another round."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="codebook")
    round = models.PositiveSmallIntegerField(default=1)
    frozen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.call_id} r{self.round}"


class Theme(models.Model):
    """What several codes have in common."""

    codebook = models.ForeignKey(Codebook, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(pgettext_lazy("coding", "theme"), max_length=60)
    memo = models.TextField(_("memo"), max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["codebook", "name"], name="one_theme_per_codebook_and_name")
        ]

    def __str__(self) -> str:
        return self.name


class Code(models.Model):
    """One thing that a passage can say, and a memo on when it does and when it does not. It belongs to the rounds from the one
    in which it was written down to before the one in which it went out of use."""

    codebook = models.ForeignKey(Codebook, on_delete=models.CASCADE, related_name="codes")
    theme = models.ForeignKey(
        Theme,
        verbose_name=pgettext_lazy("coding", "theme"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="codes",
    )
    name = models.CharField(_("code"), max_length=60)
    memo = models.TextField(
        _("memo"), max_length=1000, blank=True, help_text=_("When it applies, when not, and an example.")
    )
    since_round = models.PositiveSmallIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_round = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["codebook", "name"], name="one_code_per_codebook_and_name")
        ]

    def __str__(self) -> str:
        return self.name

    def stood_in(self, round: int) -> bool:
        """Whether a round was read by it."""
        return self.since_round <= round and (self.retired_round is None or self.retired_round > round)


class Coder(models.Model):
    """Somebody who reads the entries of a call by its codebook in one round. `done`: what was read to the end, as {entry: version};
    keys are strings, as JSON has them. `asked_again_at`: when codes changed after something was read to the end, so that it is read
    again. Who steps down has no row; the marks wait."""

    codebook = models.ForeignKey(Codebook, on_delete=models.CASCADE, related_name="coders")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(help_text=_("The first or the second of the round."))
    done = models.JSONField(default=dict, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    asked_again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["codebook", "round", "member"], name="one_reading_per_round_and_member"),
            models.UniqueConstraint(fields=["codebook", "round", "place"], name="two_coders_in_a_round"),
            models.CheckConstraint(condition=Q(place__in=[1, 2]), name="a_coder_is_the_first_or_the_second"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} r{self.round}"

    @property
    def versions(self) -> dict[int, int]:
        """The version at which each entry was read to the end."""
        return {int(entry): version for entry, version in self.done.items()}


class SpanQuerySet(models.QuerySet):
    def visible_to(self, user) -> SpanQuerySet:
        """To staff who may read the entry: the own ones, and others' once everybody who reads in that round has finished.
        What somebody marked who stepped down is theirs alone."""
        if not (user.is_authenticated and user.is_staff):
            return self.none()
        coders = Coder.objects.filter(codebook=OuterRef("code__codebook"), round=OuterRef("round"))
        shown = Exists(coders.filter(member=OuterRef("coder"))) & ~Exists(coders.filter(finished_at__isnull=True))
        return self.filter(Q(coder=user.pk) | shown, version__entry__in=Entry.objects.visible_to(user))


class Span(models.Model):
    """One passage of one version that one coder gave one code. It counts code points, and says its words and what stands
    around them, so that it is found again in a later version (L7). Spans may lie in each other (L13)."""

    version = models.ForeignKey(EntryVersion, on_delete=models.CASCADE, related_name="spans")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="spans")
    round = models.PositiveSmallIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    memo = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = SpanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["start", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="a_span_is_not_empty"),
            models.UniqueConstraint(
                fields=["version", "coder", "code", "round", "start", "end"], name="one_span_per_place_and_code"
            ),
        ]

    def __str__(self) -> str:
        return self.exact[:40]


class Verdict(models.Model):
    """Two coders did not agree on a passage and a code: somebody else said whether it applies, and why."""

    version = models.ForeignKey(EntryVersion, on_delete=models.CASCADE, related_name="verdicts")
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="verdicts")
    round = models.PositiveSmallIntegerField()
    start = models.PositiveIntegerField(help_text=_("Where the passage begins."))
    applies = models.BooleanField()
    note = models.CharField(_("why"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "code", "round", "start"], name="one_verdict_per_passage_and_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.applies}"


class QuoteQuerySet(models.QuerySet):
    def visible_to(self, user) -> QuoteQuerySet:
        """To staff, but for what others quoted during a round in which this person still reads. Its words are shown only as
        `Quote.words` says."""
        if not (user.is_authenticated and user.is_staff):
            return self.none()
        reads = Coder.objects.filter(
            codebook__call=OuterRef("entry__call"),
            round=OuterRef("taken_round"),
            member=user.pk,
            finished_at__isnull=True,
        )
        return self.filter(Q(by=user.pk) | ~Exists(reads))


class Quote(models.Model):
    """Words of an entry taken as evidence. What stays when the entry is withdrawn is the paraphrase (L8)."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="quotes")
    version = models.PositiveSmallIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField(blank=True)
    paraphrase = models.CharField(_("in our own words"), max_length=300)
    code = models.ForeignKey(Code, null=True, blank=True, on_delete=models.SET_NULL, related_name="quotes")
    round = models.PositiveSmallIntegerField(default=1, help_text=_("In which its passage was marked."))
    taken_round = models.PositiveSmallIntegerField(default=1, help_text=_("The present one when it was quoted."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "version", "start", "end"], name="one_quote_per_place")
        ]

    def __str__(self) -> str:
        return self.paraphrase[:60]

    def get_absolute_url(self) -> str:
        return f"{self.entry.get_absolute_url()}#quote-{self.pk}"

    @property
    def words(self) -> str:
        """The words as they stood, while their author lets colleagues quote them; else ""."""
        return self.exact if self.entry.is_given and self.entry.quote_inside else ""
