"""The texts, and accepting them anew."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kocforum.text import render as render_markdown

from .. import actions, queries
from ..models import Agreement, Member
from ..rules.consents import box_of, unticked
from ..sms import DemoSender, is_demo


@require_GET
def agreement(request: HttpRequest, kind: str) -> HttpResponse:
    """One text to read; `?version=` shows a former one."""
    asked = request.GET.get("version", "")
    text = queries.agreement_in_force(kind, int(asked) if asked.isdigit() and len(asked) < 5 else None)
    if text is None:
        raise Http404
    # Headings of people's words start at the fourth level; here they stand right under the title.
    html = render_markdown(text.text).replace("<h4>", "<h2>").replace("</h4>", "</h2>")
    context = {"agreement": text, "html": html, "former": queries.former_versions(text)}
    return render(request, "members/agreements/read.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """What is due to be accepted. Leaving without accepting is fine for reading."""
    following = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure()):
        following = "/"
    due = list(Agreement.objects.due_for(request.user))
    if not due:
        return redirect(following)
    missing = unticked(due, request.POST)
    if request.method == "POST" and not missing:
        actions.record_consent(by=request.user, agreements=due)
        return redirect(following)
    refused = request.method == "POST"
    rows = [(text, box_of(text), refused and text in missing) for text in due]
    return render(
        request, "members/agreements/due.html", {"rows": rows, "next": following}, status=400 if refused else 200
    )


@never_cache
@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """Text messages of the last minutes, in the embedded deployment without a provider only; never those of staff."""
    if not is_demo():
        raise Http404
    staff = set(Member.objects.filter(is_staff=True, phone__isnull=False).values_list("phone", flat=True))
    messages = [message for message in DemoSender.latest() if message.phone not in staff]
    return render(request, "members/codes.html", {"kept": messages})
