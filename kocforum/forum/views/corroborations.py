"""Answer a report with one's own car."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.garage.queries import in_garage
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.corroborations import corroborate as corroborate_report
from ..actions.observations import conditions_of
from ..enums import PostState, Stance
from ..forms.corroborations import CorroborationForm
from ..models import Corroboration, Dimension
from ..rules.reports import can_corroborate
from .doors import report_or_404
from .reports import renamed


@keeps_unsent_text(
    "corroborate",
    fields=(
        *("stance", "vehicle", "software_version", "failures", "successes", "note", "action"),
        *("before_failures", "before_attempts", "after_failures", "after_attempts", "cond_*"),
    ),
)
@login_required
def corroborate(request: HttpRequest, pk: int) -> HttpResponse:
    """The same here, different here, not tried, this helps: the stance is one tap, sending it the second."""
    report = report_or_404(request.user, pk)
    may = can_corroborate(request.user, report)
    cars = [car for car in in_garage(request.user) if car.pk != report.observation.vehicle_id]
    standing = (
        Corroboration.objects.filter(report=report, author=request.user).select_related("observation", "post").first()
    )
    stance = request.GET.get("stance", "")
    initial = {
        "stance": stance if stance in Stance.values else (standing.stance if standing else Stance.SAME),
        "vehicle": standing.vehicle_id if standing else (cars[0].pk if cars else None),
        "op_id": uuid.uuid4(),
        **(_said_before(standing) if standing else {}),
        **unsent_text(request, "corroborate", pk=pk),
    }
    form = CorroborationForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            said = corroborate_report(by=request.user, report=report, **form.values())
        except Refused as refused:
            refuse_into(form, renamed(refused))
        else:
            if said.post.state == PostState.PENDING:
                messages.info(request, _("Thank you. This will be read by a moderator before others see it."))
            else:
                messages.success(request, _("Counted, with your car and version."))
            return redirect(said.post)
    near, others = form.split_condition_fields(conditions_of(report.observation))
    context = {
        "near": near,
        "others": others,
        "report": report,
        "form": form,
        "may": may,
        "cars": cars,
        "standing": standing,
    }
    return render(request, "forum/corroborations/form.html", context, status=422 if request.method == "POST" else 200)


def _said_before(standing: Corroboration) -> dict:
    seen = standing.observation
    several = set(Dimension.objects.filter(several=True).values_list("slug", flat=True))
    return {
        "software_version": seen.software_version,
        "failures": seen.failures,
        "successes": seen.successes,
        "note": standing.post.body,
        "action": standing.action,
        "before_failures": standing.before_failures,
        "before_attempts": standing.before_attempts,
        "after_failures": standing.after_failures,
        "after_attempts": standing.after_attempts,
        **{
            f"cond_{dimension}": values if dimension in several else values[0]
            for dimension, values in conditions_of(seen).items()
        },
    }
