"""Members as staff see them: looked at here, changed by actions with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextareaWidget

from kocforum.ui.backstage import LookOnlyAdmin, ReasonForm
from kocforum.ui.fields import SplitMomentField

from . import actions, rules
from .enums import KocLevel, Role
from .models import Agreement, Ban, Consent, Member
from .rules.phones import veiled

# The door of the house is the only one: rate limits, second factors, no second form to guess at.
admin.site.login = secure_admin_login(admin.site.login)

# What libraries register for themselves and nobody here edits by hand: tables of sign-in, groups, job results.
for _label in ("account", "mfa", "socialaccount", "usersessions", "auth", "authtoken", "sites"):
    if apps.is_installed(_label) or any(config.label == _label for config in apps.get_app_configs()):
        for _model in apps.get_app_config(_label).get_models():
            if admin.site.is_registered(_model):
                admin.site.unregister(_model)


class BanForm(ReasonForm):
    until = SplitMomentField(
        label=_("Until"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Empty holds until lifted."),
    )


class LevelForm(ReasonForm):
    level = forms.ChoiceField(
        label=_("KOC level"), choices=KocLevel.choices, required=False, widget=UnfoldAdminSelectWidget
    )
    field_order: ClassVar = ["level", "reason"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Staff role"), choices=Role.choices, required=False, widget=UnfoldAdminSelectWidget
    )


class BannedFilter(admin.SimpleListFilter):
    title = _("banned")
    parameter_name = "banned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(banned=self.value() == "yes") if self.value() in {"yes", "no"} else queryset


@admin.register(Member)
class MemberAdmin(LookOnlyAdmin):
    list_display = ("shown", "username", "staff_role", "level", "proved", "stands", "city", "date_joined")
    list_filter = (BannedFilter, "role", "koc_level", "is_active")
    search_fields = ("username", "display_name", "email", "phone")
    ordering = ("-date_joined",)
    fieldsets = (
        (None, {"fields": ("username", "display_name", "bio", "city", "date_joined", "last_login")}),
        (_("Role and level"), {"fields": ("role", "koc_level", "koc_reason", "koc_since", "stands", "closed_at")}),
        (_("Contact"), {"fields": ("veiled_phone", "phone_verified_at", "email", "email_verified_at")}),
    )
    actions_detail = ("set_koc_level", "ban", "lift_ban", "set_role")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        standing = Ban.objects.standing().filter(member=OuterRef("pk"))
        return super().get_queryset(request).annotate(banned=Exists(standing))

    @display(description=_("name"), ordering="display_name")
    def shown(self, member: Member) -> str:
        return member.name

    @display(description=_("staff role"), ordering="role", label=True)
    def staff_role(self, member: Member) -> str:
        return member.get_role_display() if member.role else ""

    @display(description=_("KOC level"), ordering="koc_level", label=True)
    def level(self, member: Member) -> str:
        return member.get_koc_level_display() if member.koc_level else ""

    @display(description=_("verified"), boolean=True)
    def proved(self, member: Member) -> bool:
        return member.is_verified

    @display(description=_("may write"), boolean=True)
    def stands(self, member: Any) -> bool:
        return not member.banned

    @display(description=_("mobile number"))
    def veiled_phone(self, member: Member) -> str:
        return veiled(member.phone) if member.phone else "—"

    # Who may, by the same rules as the actions; `object_id` is missing where a list asks.

    def _member(self, object_id: Any) -> Member | None:
        return Member.objects.filter(pk=object_id).first() if str(object_id).isdigit() else None

    def has_level_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        member = self._member(object_id)
        return member is not None and rules.can_set_koc_level(request.user, member)

    def has_ban_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        member = self._member(object_id)
        return member is not None and rules.can_ban(request.user, member) and not rules.is_banned(member)

    def has_lift_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        member = self._member(object_id)
        standing = rules.standing_ban(member) if member else None
        return standing is not None and rules.can_lift_ban(request.user, standing)

    def has_role_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        member = self._member(object_id)
        return member is not None and rules.can_set_role(request.user, member)

    @action(description=_("Set the KOC level"), url_path="koc-level", permissions=["level"], icon="military_tech")
    def set_koc_level(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=LevelForm,
            title=_("Set the KOC level"),
            initial={"level": Member.objects.values_list("koc_level", flat=True).get(pk=object_id)},
            run=lambda row, said: actions.set_koc_level(by=request.user, member=row, **said),
        )

    @action(description=_("Ban"), url_path="ban", permissions=["ban"], icon="block")
    def ban(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=BanForm,
            title=_("Ban from writing"),
            run=lambda row, said: actions.ban(by=request.user, member=row, **said),
        )

    @action(description=_("Lift the ban"), url_path="lift-ban", permissions=["lift"], icon="lock_open")
    def lift_ban(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=ReasonForm,
            title=_("Lift the ban"),
            run=lambda row, said: actions.lift_ban(by=request.user, ban=rules.standing_ban(row), **said),
        )

    @action(description=_("Set the staff role"), url_path="role", permissions=["role"], icon="badge")
    def set_role(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=RoleForm,
            title=_("Set the staff role"),
            initial={"role": Member.objects.values_list("role", flat=True).get(pk=object_id)},
            run=lambda row, said: actions.set_role(by=request.user, member=row, **said),
        )


@admin.register(Ban)
class BanAdmin(LookOnlyAdmin):
    list_display = ("member", "reason", "by", "at", "until", "lifted_at")
    list_filter = ("at",)
    list_select_related = ("member", "by")
    search_fields = ("member__username", "member__display_name", "reason")
    ordering = ("-at",)
    actions_detail = ("lift",)

    def has_lift_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        ban = Ban.objects.standing().filter(pk=object_id).first() if str(object_id).isdigit() else None
        return ban is not None and rules.can_lift_ban(request.user, ban)

    @action(description=_("Lift the ban"), url_path="lift", permissions=["lift"], icon="lock_open")
    def lift(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=ReasonForm,
            title=_("Lift the ban"),
            run=lambda row, said: actions.lift_ban(by=request.user, ban=row, **said),
        )


class AgreementForm(forms.ModelForm):
    class Meta:
        model = Agreement
        fields = ("kind", "body", "body_en")
        widgets: ClassVar = {
            "body": UnfoldAdminTextareaWidget(attrs={"rows": 24}),
            "body_en": UnfoldAdminTextareaWidget(attrs={"rows": 24}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"body", "body_en"} & set(self.fields):
            self.fields[name].min_length = 20
            self.fields[name].validators.append(forms.fields.validators.MinLengthValidator(20))


@admin.register(Agreement)
class AgreementAdmin(LookOnlyAdmin):
    """Published texts never change; "add" writes the next version, begun from the current one."""

    form = AgreementForm
    list_display = ("kind", "version", "published_at")
    ordering = ("kind", "-version")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_publish_agreement(request.user)

    def get_fields(self, request: HttpRequest, obj: Agreement | None = None) -> tuple[str, ...]:
        return ("kind", "version", "published_at", "body", "body_en") if obj else ("kind", "body", "body_en")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        current = Agreement.objects.current().filter(kind=request.GET.get("kind", Agreement.Kind.TERMS)).first()
        return {"kind": current.kind, "body": current.body, "body_en": current.body_en} if current else {}

    def save_model(self, request: HttpRequest, obj: Agreement, form: forms.ModelForm, change: bool) -> None:
        row = actions.publish_agreement(by=request.user, kind=obj.kind, body=obj.body, body_en=obj.body_en)
        obj.pk, obj.version, obj.published_at = row.pk, row.version, row.published_at


@admin.register(Consent)
class ConsentAdmin(LookOnlyAdmin):
    list_display = ("member", "agreement", "at")
    list_filter = ("agreement__kind",)
    list_select_related = ("member", "agreement")
    search_fields = ("member__username",)
    ordering = ("-at",)
