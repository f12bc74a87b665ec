"""Clubs: owners of a city or a model, with a leader and a board of their own."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.forum.models import Board
from kocforum.garage.models import VehicleModel


class ClubQuerySet(models.QuerySet):
    def visible_to(self, user) -> ClubQuerySet:
        """To everybody: a club wants to be found."""
        return self

    def with_size(self) -> ClubQuerySet:
        """With `size`, the number of its members."""
        return self.annotate(size=Count("memberships"))


class Club(models.Model):
    """Owners who belong together by where they live or what they drive. Nobody leads it while its leader has left."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    city = models.CharField(_("city"), max_length=40, blank=True)
    model = models.ForeignKey(
        VehicleModel, verbose_name=_("car"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    about = models.TextField(_("what it is for"), max_length=600, blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("leader"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    board = models.OneToOneField(Board, verbose_name=_("board"), on_delete=models.PROTECT, related_name="+")
    founded_at = models.DateTimeField(_("founded"), default=timezone.now)

    objects = ClubQuerySet.as_manager()

    class Meta:
        verbose_name = _("club")
        verbose_name_plural = _("clubs")
        ordering: ClassVar = ["city", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(city="") | Q(model__isnull=False), name="a_club_has_a_city_or_a_car_in_common"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("club", args=[self.slug])


class ClubMembership(models.Model):
    """Somebody belongs to a club."""

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["joined_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["club", "member"], name="one_membership_per_club_and_member")
        ]

    def __str__(self) -> str:
        return f"{self.club_id} {self.member_id}"
