"""`/desk/people/`: what members did in a year, and the KOC level that people grant."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.members.actions.levels import set_koc_level
from kocforum.members.models import Member
from kocforum.members.rules import can_set_koc_level

from ..forms.people import LevelForm
from ..queries.people import Counts, counts_of_all, members_for_desk
from .doors import refuse_into, staff_page

PEOPLE_PER_PAGE = 20


@staff_page
def people(request: HttpRequest) -> HttpResponse:
    """Who did most comes first; nobody is left out who has a level."""
    words = request.GET.get("q", "").strip()[:40]
    counts = counts_of_all()
    rows = list(members_for_desk(words).values_list("pk", "koc_level"))
    ranked = sorted(
        (pk for pk, level in rows if words or level or pk in counts),
        key=lambda pk: (-counts.get(pk, Counts()).total, -len(counts.get(pk, Counts()).months), pk),
    )
    page = Paginator(ranked, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    members = Member.objects.in_bulk(page.object_list)
    lines = [(members[pk], counts.get(pk, Counts())) for pk in page.object_list]
    context = {"section": "desk", "tab": "people", "lines": lines, "page": page, "words": words}
    return render(request, "insights/people/list.html", context)


@staff_page
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One member's year, and the level with its reason."""
    member = get_object_or_404(members_for_desk(), username=username)
    form = LevelForm(
        request.POST or None,
        initial={"level": member.koc_level, "reason": member.koc_reason, "expected": member.koc_level},
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_koc_level(by=request.user, member=member, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(
                request, _("%(name)s: %(level)s.") % {"name": member.name, "level": member.get_koc_level_display()}
            )
            return redirect("people_member", username=username)
    context = {
        "section": "desk",
        "tab": "people",
        "member": member,
        "counts": counts_of_all().get(member.pk, Counts()),
        "form": form,
        "may": can_set_koc_level(request.user, member),
    }
    return render(request, "insights/people/person.html", context, status=422 if request.method == "POST" else 200)
