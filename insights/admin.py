"""Departments and who works in them. Tickets and releases move on the desk, by actions; evidence is only read there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from .models import Department, DepartmentMember


class PeopleInline(TabularInline):
    model = DepartmentMember
    extra = 0
    autocomplete_fields: ClassVar = ["member"]


@admin.register(Department)
class DepartmentAdmin(ModelAdmin):
    list_display = ("name", "slug", "public_name")
    search_fields = ("name", "name_en", "slug")
    inlines: ClassVar = [PeopleInline]
