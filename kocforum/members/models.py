"""A person of the community, what they agreed to, and what they may not do for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .enums import KocLevel, Role


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user) -> MemberQuerySet:
        """Profiles that this person may open: everyone who has not left, and oneself."""
        return self.filter(is_active=True, closed_at__isnull=True)

    def with_obstacles(self, now: Any) -> MemberQuerySet:
        """With `stopped`: whether a ban or a text not accepted may stand against writing. `members.rules.can_write` says what it is."""
        bans = Ban.objects.standing(now).filter(member=OuterRef("pk"))
        given = Consent.objects.filter(agreement=OuterRef("pk"), member=OuterRef(OuterRef("pk")))
        texts = Agreement.objects.filter(
            ~Exists(given), published_at__gt=OuterRef("date_joined"), published_at__lte=now
        )
        return self.annotate(stopped=Exists(bans) | Exists(texts))

    def staff_with(self, *roles: str) -> MemberQuerySet:
        """Active staff in any of these roles; administrators count in all."""
        return self.filter(is_active=True, is_staff=True, role__in=[*roles, Role.ADMIN])

    def unfinished(self) -> MemberQuerySet:
        """Sign-ups that never proved anything and never came in: they hold no name, number or address against others."""
        return self.filter(
            Q(phone__isnull=False) | ~Q(email=""),
            phone_verified_at__isnull=True,
            email_verified_at__isnull=True,
            last_login__isnull=True,
            is_staff=False,
            closed_at__isnull=True,
            consents__isnull=False,
        ).distinct()

    def in_the_way(self, *, username: str = "", phone: str | None = None, email: str = "") -> MemberQuerySet:
        """Unfinished sign-ups that may go because somebody signs up with this number or address, or an hour later with this name."""
        an_hour_ago = timezone.now() - timedelta(hours=1)
        held = Q(username__iexact=username, date_joined__lt=an_hour_ago)
        if phone:
            held |= Q(phone=phone)
        if email:
            held |= Q(email__iexact=email)
        return self.unfinished().filter(held)


class MemberManager(UserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    pass


class Member(AbstractUser):
    """One person with one sign-in: an owner, a KOC or a member of staff. The user name is the public address."""

    username = models.CharField(
        _("user name"),
        max_length=40,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    first_name = None
    last_name = None
    display_name = models.CharField(_("display name"), max_length=40, blank=True)
    phone = models.CharField(_("mobile number"), max_length=20, null=True, blank=True, unique=True)
    phone_verified_at = models.DateTimeField(_("mobile number verified"), null=True, blank=True)
    email_verified_at = models.DateTimeField(_("e-mail verified"), null=True, blank=True)
    role = models.CharField(_("staff role"), max_length=12, choices=Role.choices, blank=True, default=Role.NONE)
    koc_level = models.CharField(
        _("KOC level"), max_length=12, choices=KocLevel.choices, blank=True, default=KocLevel.NONE
    )
    koc_reason = models.CharField(_("reason for the level"), max_length=200, blank=True)
    koc_since = models.DateField(_("level since"), null=True, blank=True)
    bio = models.CharField(_("about me"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(
        _("theme"),
        max_length=5,
        blank=True,
        choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    closed_at = models.DateTimeField(_("account closed"), null=True, blank=True)

    stopped = True  # from writing, perhaps, until `with_obstacles` has looked

    objects = MemberManager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role="") | Q(is_staff=True) | Q(is_active=False), name="a_staff_role_needs_a_staff_account"
            ),
            models.UniqueConstraint(Lower("username"), name="one_user_name_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How others see this person; a closed account has no name left."""
        if self.closed_at:
            return str(_("A former member"))
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Django's word for it, as libraries ask."""
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        """A phone or an e-mail was proved; needed before posting."""
        return bool(self.phone_verified_at or self.email_verified_at)

    @property
    def is_koc(self) -> bool:
        """Any level from KOC up; candidates are not yet."""
        return self.koc_level in {KocLevel.KOC, KocLevel.SENIOR, KocLevel.LEADER}

    def has_role(self, *roles: str) -> bool:
        """Active staff in one of these roles. Administrators have all of them."""
        return self.is_active and self.is_staff and (self.role in roles or self.role == Role.ADMIN or self.is_superuser)

    def get_absolute_url(self) -> str:
        return reverse("profile", args=[self.username])


class AgreementQuerySet(models.QuerySet):
    def current(self) -> AgreementQuerySet:
        """The version of each text that is in force."""
        now = timezone.now()
        newer = Agreement.objects.filter(kind=OuterRef("kind"), version__gt=OuterRef("version"), published_at__lte=now)
        return self.filter(~Exists(newer), published_at__lte=now).order_by("-kind")

    def due_for(self, member: Member) -> AgreementQuerySet:
        """What this member has still to accept: texts newer than the account that carry no consent of theirs.

        Who came after a text accepted it at the door: the sign-up form takes nobody without.
        """
        given = Consent.objects.filter(agreement=OuterRef("pk"), member=member.pk)
        return self.current().filter(~Exists(given), published_at__gt=member.date_joined)


class Agreement(models.Model):
    """One version of a text that members accept: the community agreement or the privacy notice."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("Community agreement")
        PRIVACY = "privacy", _("Privacy notice")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text in Chinese"))
    body_en = models.TextField(_("text in English"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_text_per_kind_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.kind])

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.body_en if (get_language() or "").startswith("en") else self.body


class Consent(models.Model):
    """A member accepted one version of one agreement."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="consents")
    at = models.DateTimeField(_("accepted"), default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "agreement"], name="one_consent_per_text")]

    def __str__(self) -> str:
        return f"{self.member} · {self.agreement}"


class BanQuerySet(models.QuerySet):
    def standing(self, now: Any = None) -> BanQuerySet:
        """Bans that hold now."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now or timezone.now()), lifted_at__isnull=True)


class Ban(models.Model):
    """A member may read and not write, until a time or until lifted. Never deleted: it is part of the log."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="bans")
    reason = models.CharField(_("reason, shown to the member"), max_length=200)
    by = models.ForeignKey(Member, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("in force since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = BanQuerySet.as_manager()

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        indexes: ClassVar = [models.Index(fields=["member", "lifted_at"], name="ban_of_member")]

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"
