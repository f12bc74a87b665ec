"""One's own garage."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Invalid, Refused

from . import actions
from .forms import LeavingForm, NewVehicleForm, VehicleForm, VersionForm
from .models import Vehicle
from .queries import in_garage


@login_required
def garage(request: HttpRequest) -> HttpResponse:
    """All cars, those that left as well."""
    left = Vehicle.objects.visible_to(request.user).filter(left_at__isnull=False).select_related("model")
    return render(request, "garage/list.html", {"cars": in_garage(request.user), "left": left, "section": "me"})


def _own(request: HttpRequest, pk: int) -> Vehicle:
    return get_object_or_404(Vehicle.objects.visible_to(request.user).in_garage().select_related("model"), pk=pk)


def _refuse_into(form: Form, refused: Refused) -> None:
    if not isinstance(refused, Invalid):
        form.add_error(None, str(refused))
        return
    for name, sentences in refused.fields.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, str(sentence))


def _next(request: HttpRequest) -> str:
    """Where the person came from, when that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else ""


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Put a car into the garage, and go back to where it was needed."""
    form = NewVehicleForm(request.POST or None, initial={"op_id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_vehicle(by=request.user, **form.values())
        except Refused as refused:
            _refuse_into(form, refused)
        else:
            messages.success(request, _("In your garage. It comes along with everything you record."))
            return redirect(_next(request) or "garage")
    status = 422 if request.method == "POST" else 200
    return render(request, "garage/form.html", {"form": form, "next": _next(request)}, status=status)


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a car."""
    car = _own(request, pk)
    initial = {
        "model": car.model.slug if car.model_id else None,
        "model_text": car.model_text,
        "trim": car.trim,
        "year": car.year,
        "mileage_km": car.mileage_km,
    }
    form = VehicleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_vehicle(by=request.user, vehicle=car, **form.values())
        except Refused as refused:
            _refuse_into(form, refused)
        else:
            return redirect("garage")
    return render(
        request, "garage/form.html", {"form": form, "car": car}, status=422 if request.method == "POST" else 200
    )


@login_required
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an update, and see what ran when."""
    car = _own(request, pk)
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.install_version(
                by=request.user,
                vehicle=car,
                version=form.cleaned_data["software_version"],
                installed_on=form.cleaned_data["installed_on"],
            )
        except Refused as refused:
            _refuse_into(form, refused)
        else:
            messages.success(request, _("Noted."))
            return redirect("garage")
    context = {"form": form, "car": car, "installed": car.installed_versions.all()}
    return render(request, "garage/version.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def default(request: HttpRequest, pk: int) -> HttpResponse:
    """Let forms propose this car."""
    actions.make_default(by=request.user, vehicle=_own(request, pk))
    return redirect("garage")


@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The car is sold, or was entered by mistake."""
    car = _own(request, pk)
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.let_go(by=request.user, vehicle=car, leaving=form.cleaned_data["leaving"])
        messages.success(request, _("Gone from your garage. What you told with it stays."))
        return redirect("garage")
    return render(request, "garage/leave.html", {"form": form, "car": car})
