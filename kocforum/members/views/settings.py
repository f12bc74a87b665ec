"""Own profile, own data, own exit."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import activate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kocforum.errors import Invalid
from kocforum.ui.theme import remember_theme

from .. import actions, download, queries
from ..forms.settings import AppearanceForm, CloseForm, ProfileForm
from ..rules.phones import veiled


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Profile, language and theme, ways to sign in, data, exit. One form is posted at a time, named by `part`."""
    member = request.user
    profile, appearance = ProfileForm.of(member), AppearanceForm.of(member)
    if request.method == "POST":
        is_profile = request.POST.get("part") != "appearance"
        form = ProfileForm(request.POST) if is_profile else AppearanceForm(request.POST)
        if form.is_valid():
            try:
                actions.edit_profile(by=member, **form.cleaned_data)
            except Invalid as refusal:
                for field, said in refusal.fields.items():
                    form.add_error(field or None, said)
            else:
                return _saved(request, appearance=not is_profile)
        profile, appearance = (form, appearance) if is_profile else (profile, form)
    context = {
        "profile": profile,
        "appearance": appearance,
        "doors": queries.doors_of(member),
        "phone": veiled(member.phone) if member.phone else "",
        "has_password": member.has_usable_password(),
        "section": "me",
    }
    return render(request, "members/settings.html", context, status=400 if profile.errors or appearance.errors else 200)


def _saved(request: HttpRequest, *, appearance: bool) -> HttpResponse:
    if request.user.language:
        activate(request.user.language)
    messages.success(request, _("Saved."))
    response = redirect("settings")
    if appearance:
        remember_theme(response, request.user.theme)
    return response


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def data(request: HttpRequest) -> HttpResponseBase:
    """What is in the archive; a POST makes it."""
    if request.method == "GET":
        return render(request, "members/data.html", {"section": "me"})
    name = f"kocforum-{request.user.pk}-{timezone.localdate():%Y%m%d}.zip"
    return FileResponse(
        download.archive(request.user), as_attachment=True, filename=name, content_type="application/zip"
    )


@never_cache
@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close the own account, said twice."""
    form = CloseForm(request.POST or None, member=request.user)
    if form.is_valid():
        actions.close_account(by=request.user)
        logout(request)
        return render(request, "members/closed.html")
    return render(request, "members/close.html", {"form": form, "section": "me"}, status=400 if form.errors else 200)
