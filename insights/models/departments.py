"""Who inside the brand can change something."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kocforum.text import bilingual


class Department(models.Model):
    """A department that tickets are routed to. The public sees its kind only, in `public_name`."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    public_name = models.CharField(_("what the public reads, in Chinese"), max_length=40, blank=True)
    public_name_en = models.CharField(_("what the public reads, in English"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)


class DepartmentMember(models.Model):
    """A member of staff works in a department, or heads it."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="people")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_head = models.BooleanField(_("head"), default=False)

    class Meta:
        verbose_name = _("member of a department")
        verbose_name_plural = _("members of departments")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "member"], name="one_seat_per_department_and_member")
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.department}"
