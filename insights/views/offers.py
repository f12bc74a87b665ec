"""A beta offered to one owner: read what it asks, say yes or no, write under seal, release with one tap."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.offers import answer_offer
from ..actions.verifications import seal as seal_words
from ..actions.verifications import unseal as unseal_words
from ..enums import OfferState
from ..forms.releases import ConsentForm, ObservedForm
from ..models import Offer
from ..rules.releases import can_answer, can_seal, can_unseal
from .doors import refuse_into


def _offer(request: HttpRequest, pk: int) -> Offer:
    offers = Offer.objects.filter(member=request.user).select_related(
        "release__version", "report__thread", "vehicle__model", "sealed__verification__post", "member"
    )
    return get_object_or_404(offers, pk=pk)


def _show(request: HttpRequest, offer: Offer, *, status: int = 200, **forms: object) -> HttpResponse:
    sealed = getattr(offer, "sealed", None)
    said = sealed.observed if sealed else {}
    attempts, failures = said.get("attempts"), said.get("failures")
    initial = {
        "failures": failures,
        "successes": attempts - (failures or 0) if attempts else None,
        "outcome": said.get("outcome", "") if not attempts else "",
        "words": sealed.words if sealed else "",
        **unsent_text(request, "seal", pk=offer.pk),
    }
    form = forms.get("form") or ObservedForm(initial=initial)
    if not forms.get("form"):
        several = {dimension.slug for dimension in form.dimensions if dimension.several}
        for dimension, values in said.get("conditions", {}).items():
            form.initial[f"cond_{dimension}"] = values if dimension in several else values[0]
    context = {
        "offer": offer,
        "sealed": sealed,
        "consent_form": forms.get("consent_form") or ConsentForm(),
        "form": form,
        "may_answer": can_answer(request.user, offer),
        "may_seal": can_seal(request.user, offer),
        "may_unseal": can_unseal(request.user, offer),
        "accepted": offer.state == OfferState.ACCEPTED,
    }
    return render(request, "insights/offers/offer.html", context, status=status)


@login_required
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """The offer, for the owner whom it was made to."""
    return _show(request, _offer(request, pk))


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no."""
    found = _offer(request, pk)
    form = ConsentForm(request.POST)
    form.is_valid()
    accept = request.POST.get("answer") == "accept"
    try:
        answer_offer(by=request.user, offer=found, accept=accept, consent=bool(form.cleaned_data.get("consent")))
    except Refused as refused:
        refuse_into(form, refused)
        return _show(request, found, status=422, consent_form=form)
    if accept:
        messages.success(request, _("Thank you. Write down how it goes whenever you like; it stays sealed."))
    else:
        messages.info(request, _("Declined. It changes nothing for you, and the version comes to everybody later."))
    return redirect("offer", pk=pk)


@keeps_unsent_text(
    "seal", fields=("words", "failures", "successes", "outcome", "cond_*"), back=lambda pk: f"/offers/{pk}/"
)
@login_required
@require_POST
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Write under seal, or write anew."""
    found = _offer(request, pk)
    form = ObservedForm(request.POST)
    if form.is_valid():
        try:
            seal_words(by=request.user, offer=found, **form.observed())
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Sealed. Only you can read it until you release it."))
            return redirect("offer", pk=pk)
    return _show(request, found, status=422, form=form)


@login_required
@require_POST
def unseal(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: into the original thread."""
    verification = unseal_words(by=request.user, offer=_offer(request, pk))
    messages.success(request, _("It stands where it began. Thank you."))
    return redirect(verification.post)
