"""An initiative: what a KOC wants to do, and what is asked of the brand for it. Its text is frozen with every submission."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import AskKind, ProposalState, SupportKind
from .clubs import Club

WITH_THE_BRAND = (ProposalState.SUBMITTED, ProposalState.IN_REVIEW)
WRITABLE = (ProposalState.DRAFT, ProposalState.CHANGES_ASKED)
NEVER_SENT = (ProposalState.DRAFT,)
# Nobody outside reads on what was declined or taken back.
TOLD = (ProposalState.SUBMITTED, ProposalState.IN_REVIEW, ProposalState.CHANGES_ASKED, ProposalState.ENDORSED)


class InitiativeQuerySet(models.QuerySet):
    def visible_to(self, user) -> InitiativeQuerySet:
        """Its writers always; colleagues from the submission on; members while it is shown to them; everybody once it is endorsed.

        A withdrawn draft was never sent and stays its writers'."""
        public = Q(state=ProposalState.ENDORSED)
        if not user.is_authenticated:
            return self.filter(public)
        mine = Q(proposer=user.pk) | Q(deputy=user.pk)
        if user.is_staff:
            return self.filter(mine | Q(submitted_at__isnull=False))
        return self.filter(mine | public | Q(shown_to_members=True, state__in=TOLD))

    def written_by(self, user) -> InitiativeQuerySet:
        """Where this person is proposer or deputy, asked ones among them: nobody stands in for what they have not read."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(proposer=user.pk) | Q(deputy=user.pk))

    def led_by(self, user) -> InitiativeQuerySet:
        """Where this person is proposer, or a deputy who said yes. A colleague leads nothing, whatever they began or agreed to before."""
        return self.none() if user.is_authenticated and user.is_staff else self.known_inside_to(user)

    def known_inside_to(self, user) -> InitiativeQuerySet:
        """Whose money and material this person reads: as proposer, or as a deputy from the own yes on. Who became a colleague leads it
        no more, and still reads what was theirs to answer for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(proposer=user.pk) | Q(deputy=user.pk, deputy_agreed_at__isnull=False))

    def headed_by(self, member) -> InitiativeQuerySet:
        """Whose head this person is (`Initiative.head`), without asking whether they work for the brand."""
        steps_in = Q(proposer__is_staff=True, deputy=member.pk, deputy__is_staff=False, deputy_agreed_at__isnull=False)
        return self.filter(Q(proposer=member.pk) | steps_in)

    def with_the_brand(self) -> InitiativeQuerySet:
        """An answer is due."""
        return self.filter(state__in=WITH_THE_BRAND)

    def overdue(self) -> InitiativeQuerySet:
        """The day on which the answer was due has passed, by the database's clock."""
        return self.with_the_brand().filter(answer_due_at__lte=Now())


class Initiative(models.Model):
    """A KOC's own project. The row is what its writers write on; what the brand reads is the last `ProposalVersion`."""

    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("deputy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    deputy_agreed_at = models.DateTimeField(null=True, blank=True)
    clubs = models.ManyToManyField(Club, verbose_name=_("clubs"), blank=True, related_name="initiatives")
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("in short"), max_length=600)
    plan = models.TextField(_("plan"), max_length=8000)
    begins_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True)
    heads = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    safety = models.JSONField(_("safety"), default=list, help_text=_("One point in each line."))
    shown_to_members = models.BooleanField(_("members may read it and support it"), default=True)
    state = models.CharField(_("state"), max_length=14, choices=ProposalState.choices, default=ProposalState.DRAFT)
    version = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1, help_text=_("2 after an appeal."))
    small = models.BooleanField(default=False, help_text=_("One approver answers within 48 hours."))
    changes_asked = models.TextField(max_length=1000, blank=True)
    appeal = models.TextField(max_length=2000, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(proposer__isnull=True) | Q(deputy__isnull=True) | ~Q(proposer=F("deputy")),
                name="a_deputy_is_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_THE_BRAND) | Q(answer_due_at__isnull=False, version__gte=1),
                name="an_answer_to_a_proposal_has_a_day",
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="one_appeal"),
            models.CheckConstraint(
                condition=Q(begins_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="an_initiative_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "answer_due_at"], name="initiative_due")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("initiative", args=[self.pk])

    @property
    def leaders(self) -> set[int]:
        """Who leads it, as numbers: the proposer, and a deputy who said yes; nobody of them who works for the brand."""
        stands_in = self.deputy if self.deputy_agreed_at is not None else None
        return {one.pk for one in (self.proposer, stands_in) if one is not None and not one.is_staff}

    @property
    def head(self):
        """Who submits, takes back and appeals: the proposer, and the deputy who said yes once the proposer works for the brand."""
        if self.proposer is not None and self.proposer.is_staff and self.deputy_id in self.leaders:
            return self.deputy
        return self.proposer

    @property
    def is_with_the_brand(self) -> bool:
        return self.state in WITH_THE_BRAND

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def is_overdue(self) -> bool:
        return self.is_with_the_brand and self.answer_due_at is not None and self.answer_due_at <= timezone.now()


class Ask(models.Model):
    """One line of what is asked. Money is counted in the smallest unit of its currency; what material is worth, too."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="asks")
    kind = models.CharField(_("kind"), max_length=8, choices=AskKind.choices)
    what = models.CharField(_("what"), max_length=200)
    amount_minor = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind=AskKind.MONEY) | Q(amount_minor__isnull=False, amount_minor__gte=1),
                name="money_that_is_asked_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True, currency="") | Q(amount_minor__isnull=False) & ~Q(currency=""),
                name="an_amount_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


class ProposalVersion(models.Model):
    """What was submitted, for good: the whole text with its lines as canonical JSON, and the SHA-256 of it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("what is different"), max_length=300, blank=True)
    ceiling_minor = models.PositiveBigIntegerField(
        _("small up to"), null=True, help_text=_("What one approver could grant of it alone on that day.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "number"], name="one_version_per_initiative_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} v{self.number}"


class ProposalMove(models.Model):
    """A proposal went from one state to another. Only added to; `by` is nobody when its time had come."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=14, blank=True)
    to_state = models.CharField(max_length=14, choices=ProposalState.choices)
    reason = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state} > {self.to_state}"


class Support(models.Model):
    """A member stands behind a proposal: would come, or help."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="supports")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=SupportKind.choices, default=SupportKind.COMES)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "member"], name="one_support_per_initiative_and_member")
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.member_id}"
