"""Pages about who decided what and what a leader may be granted."""

from django.urls import path

from . import autonomy, trust

trust_pages = [
    path("initiatives/<int:pk>/decisions/", autonomy.decisions, name="initiative_decisions"),
    path("initiatives/trust/", trust.trust, name="trust"),
    path("initiatives/trust/<int:pk>/<slug:kind>/", trust.contest, name="trust_contest"),
    path("desk/trust/<int:pk>/", trust.desk_trust, name="desk_trust"),
    path("desk/trust/contests/<int:pk>/", trust.desk_contest, name="desk_contest"),
    path("desk/trust/contests/<int:pk>/answer/", trust.answer, name="desk_contest_answer"),
]
