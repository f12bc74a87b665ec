"""The answers of a survey as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from ..actions.exports import KINDS, export_survey
from .surveys import survey_or_404


class WhateverIsAccepted(DefaultContentNegotiation):
    """A file has the kind that `as` names; refusals are JSON."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class SurveyExport(APIView):
    """`as=csv` (one row per response; the usual), `long` (one per answer), `xlsx` (both, and the codebook), `codebook` (JSON)."""

    permission_classes = [IsAuthenticated]
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        parameters=[OpenApiParameter("as", str, enum=KINDS, default="csv")],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        survey = survey_or_404(request.user, pk)
        file = export_survey(by=request.user, task=survey.task, kind=request.query_params.get("as", "csv"))
        answer = HttpResponse(file.content, content_type=file.content_type)
        answer.headers["Content-Disposition"] = content_disposition_header(True, file.name)
        return answer
