"""The opinion map of a call: statements, the own votes, groups."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Forbidden, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.opinions import cast_vote, draw_statement
from ..models import Statement
from ..models.opinions import LONGEST_STATEMENT
from ..queries.opinion_maps import Bar, Line, Map, map_of
from ..queries.opinions import ballot_of, statements_of
from ..rules.opinions import can_map, can_read_map
from .calls import call_or_404
from .entries import entry_or_404


class StatementInput(serializers.Serializer):
    """A statement, drawn from an entry of the call."""

    entry = serializers.IntegerField()
    text = serializers.CharField(max_length=LONGEST_STATEMENT)
    op_id = OpIdField()


class StatementSerializer(serializers.ModelSerializer):
    """A statement; `own` is what the reader said to it: 1 agree, 0 pass, −1 disagree, null nothing yet."""

    own = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = ("id", "entry", "text", "state", "at", "own")
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_own(self, statement: Statement) -> int | None:
        return getattr(statement, "own", None)


class ByNumber(CursorPagination):
    ordering = "pk"


class Statements(generics.ListCreateAPIView):
    """Statements of a call that the reader may see, with the own votes. POST draws one from an entry."""

    serializer_class = StatementSerializer
    pagination_class = ByNumber
    queryset = Statement.objects.none()

    def get_queryset(self) -> QuerySet[Statement]:
        return statements_of(call_or_404(self.request.user, self.kwargs["pk"]), self.request.user)

    @extend_schema(request=StatementInput, responses={201: StatementSerializer, 200: StatementSerializer})
    def post(self, request: Request, pk: int) -> Response:
        call, by = call_or_404(request.user, pk), request.user
        sentence = _("You cannot draw statements here.")
        said = validated(StatementInput(data=request.data), lambda: can_map(by, call), sentence)
        entry = entry_or_404(by, pk, said.pop("entry"))
        made = draw_statement(by=by, entry=entry, **said)
        return created(made, self.get_serializer(made).data)


class VoteInput(serializers.Serializer):
    """1 agree, 0 pass, −1 disagree."""

    vote = serializers.ChoiceField(choices=[1, 0, -1])


class Vote(APIView):
    """What the reader says to one statement; said again it takes the place of what was said before."""

    @extend_schema(request=VoteInput, responses=StatementSerializer)
    def post(self, request: Request, pk: int, statement: int) -> Response:
        call, by = call_or_404(request.user, pk), request.user
        row = get_object_or_404(statements_of(call, by), pk=statement)
        said = validated(VoteInput(data=request.data), lambda: can_map(by, call), _("You cannot vote on this."))
        row.own = cast_vote(by=by, statement=row, vote=said["vote"]).vote
        return Response(StatementSerializer(row).data)


class BarShape(serializers.Serializer):
    """What so many people said."""

    agree = serializers.IntegerField()
    disagree = serializers.IntegerField()
    seen = serializers.IntegerField()


class MapLineShape(serializers.Serializer):
    """`all` is null for fewer than five people; `groups` is empty where one group is fewer."""

    statement = serializers.IntegerField()
    text = serializers.CharField()
    all = BarShape(allow_null=True)
    groups = BarShape(many=True)
    consensus = serializers.FloatField()


class MapShape(serializers.Serializer):
    """The map as it was last drawn. `groups`: how many people each; `own`: the reader's, from 0; `missing`: people still to vote
    before groups are drawn. All is null or empty before the first drawing."""

    drawn_at = serializers.DateTimeField(allow_null=True)
    people = serializers.IntegerField()
    missing = serializers.IntegerField()
    groups = serializers.ListField(child=serializers.IntegerField())
    own = serializers.IntegerField(allow_null=True)
    statements = MapLineShape(many=True)


class OpinionMap(APIView):
    """Who thinks alike, and what all agree on. While the talk goes on it is told to who has voted on seven statements, or on all."""

    @extend_schema(responses=MapShape)
    def get(self, request: Request, pk: int) -> Response:
        call, user = call_or_404(request.user, pk), request.user
        statements = list(statements_of(call, user))
        ballot = ballot_of(statements, user)
        may = can_read_map(user, call, needed=ballot.needed, statements=ballot.total)
        require(may, _("Say first what you think yourself."), Forbidden)
        return Response(_plain(map_of(call, user, statements)))


def _plain(found: Map | None) -> dict[str, Any]:
    if found is None:
        return {"drawn_at": None, "people": 0, "missing": 0, "groups": [], "own": None, "statements": []}
    own = [place for place, island in enumerate(found.islands) if island.mine]
    return {
        "drawn_at": found.drawn_at,
        "people": found.people,
        "missing": found.missing,
        "groups": [island.size for island in found.islands],
        "own": own[0] if own else None,
        "statements": [_line(line) for line in found.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "statement": line.statement.pk,
        "text": line.statement.text,
        "all": _bar(line.all) if line.all else None,
        "groups": [_bar(bar) for bar in line.groups],
        "consensus": round(line.consensus, 4),
    }


def _bar(bar: Bar) -> dict[str, int]:
    return {"agree": bar.agree, "disagree": bar.disagree, "seen": bar.seen}
