"""Results of a survey behind its one gate, whole and by groups."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Forbidden, Invalid

from ..enums import QuestionType
from ..queries.answers import Answers
from ..queries.groups import BY, Comparison, compared_by
from ..queries.progress import respondents
from ..queries.results import Results, Share, results_of
from ..queries.surveys import invited
from .surveys import survey_or_404


class ShareShape(serializers.Serializer):
    """`share`: [share of those who saw the question, low, high] (Wilson, 95 %); or `suppressed`, with neither."""

    key = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField(required=False)
    share = serializers.ListField(child=serializers.FloatField(), required=False)
    suppressed = serializers.BooleanField(required=False)


class GroupShape(serializers.Serializer):
    """One kind of car or person; hidden whole where a cell holds fewer than five people or would follow from others."""

    key = serializers.CharField(allow_blank=True)
    base = serializers.IntegerField(required=False)
    options = ShareShape(many=True, required=False)
    suppressed = serializers.BooleanField(required=False)


class PlacedShape(serializers.Serializer):
    """An option in the common order: Borda 0…1, (best − worst)/shown −1…1, or wins against another 0…1."""

    key = serializers.CharField()
    label = serializers.CharField()
    score = serializers.FloatField()


class RowShape(serializers.Serializer):
    """A row of a matrix with [mean, low, high]."""

    key = serializers.CharField()
    label = serializers.CharField()
    mean = serializers.ListField(child=serializers.FloatField(), required=False)
    suppressed = serializers.BooleanField(required=False)


class ResultShape(serializers.Serializer):
    """One question. `mean`: [mean, low, high]; `nps`: [score, margin]; `p`, `q`: that the groups do not differ."""

    key = serializers.CharField()
    type = serializers.ChoiceField(choices=QuestionType.choices)
    text = serializers.CharField()
    base = serializers.IntegerField()
    options = ShareShape(many=True, required=False)
    mean = serializers.ListField(child=serializers.FloatField(allow_null=True), required=False)
    nps = serializers.ListField(child=serializers.FloatField(allow_null=True), required=False)
    order = PlacedShape(many=True, required=False)
    rows = RowShape(many=True, required=False)
    written = serializers.IntegerField(required=False)
    groups = GroupShape(many=True, required=False)
    p = serializers.FloatField(required=False, allow_null=True)
    q = serializers.FloatField(required=False, allow_null=True)
    suppressed = serializers.BooleanField(required=False)


class ResultsShape(serializers.Serializer):
    invited = serializers.IntegerField()
    respondents = serializers.IntegerField()
    by = serializers.ChoiceField(choices=BY, required=False)
    questions = ResultShape(many=True)


class SurveyResults(APIView):
    """As it was promised before anybody answered; 403 for whom the promise leaves out. No cell of fewer than five people."""

    @extend_schema(
        parameters=[OpenApiParameter("by", str, enum=list(BY), description="Also by groups.")], responses=ResultsShape
    )
    def get(self, request: Request, pk: int) -> Response:
        survey = survey_or_404(request.user, pk)
        by = request.query_params.get("by", "")
        answers = Answers(survey)
        found = results_of(survey, request.user, answers)
        if found is None:
            raise Forbidden(_("These results are not for you, or not yet."))
        if by and by not in BY:
            raise Invalid({"by": _("One of: %(names)s.") % {"names": ", ".join(BY)}})
        groups = {one.item.key: one for one in compared_by(answers, by, request.user) or ()} if by else {}
        questions = [{**result_data(one), **_groups_data(groups.get(one.item.key))} for one in found]
        said = {"invited": invited(survey.task), "respondents": respondents(survey.task)}
        return Response({**said, **({"by": by} if by else {}), "questions": questions})


def result_data(found: Results) -> dict[str, Any]:
    """One question as the API gives it."""
    item = found.item
    row: dict[str, Any] = {"key": item.key, "type": item.type, "text": item.text, "base": found.base}
    if found.suppressed:
        return {**row, "suppressed": True}
    if found.options:
        row["options"] = [share_data(one) for one in found.options]
    if found.mean:
        row["mean"] = [_number(number) for number in found.mean]
    if found.nps:
        row["nps"] = [_number(number) for number in found.nps]
    if found.order:
        row["order"] = [{"key": one.key, "label": one.label, "score": one.score} for one in found.order]
    if found.rows:
        row["rows"] = [
            {"key": one.key, "label": one.label, **({"mean": [rating.mean, *rating.mean_ci]} if rating else _HIDDEN)}
            for one, rating in found.rows
        ]
    if found.words:
        row["written"] = found.words
    return row


_HIDDEN = {"suppressed": True}


def share_data(one: Share) -> dict[str, Any]:
    told = _HIDDEN if one.suppressed else {"count": one.count, "share": list(one.share or ())}
    return {"key": one.key, "label": one.label, **told}


def _groups_data(found: Comparison | None) -> dict[str, Any]:
    if found is None:
        return {}
    groups = [
        {"key": one.key, **_HIDDEN}
        if one.suppressed
        else {"key": one.key, "base": one.base, "options": [share_data(share) for share in one.shares]}
        for one in found.groups
    ]
    return {"groups": groups, "p": found.p, "q": found.q}


def _number(number: float) -> float | None:
    """JSON has no nan."""
    return number if math.isfinite(number) else None
