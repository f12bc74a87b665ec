"""Entries of a call: write, give, read; and the talk under each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Conflict, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.entries import give_entry, withdraw_entry
from ..actions.manuscripts import Rights, begin_entry, save_manuscript
from ..actions.replies import write_reply
from ..enums import EntryState, ReplyKind
from ..models import Entry, Reply, SubQuestion, Writer
from ..models.entries import RIGHTS
from ..queries.entries import entries_of, own_entry, with_writers
from ..queries.manuscripts import now_of
from ..queries.talk import replies_of
from ..rules.calls import can_begin, can_reply
from .calls import call_or_404


class RightsShape(serializers.Serializer):
    """What its author lets be done with an entry: nothing that was not said."""

    quote_inside = serializers.BooleanField(required=False, default=False)
    quote_public = serializers.BooleanField(required=False, default=False)
    marketing = serializers.BooleanField(required=False, default=False)
    keep_when_left = serializers.BooleanField(required=False, default=False)


class EntryInput(serializers.Serializer):
    """The own entry. With `draft` it is only saved, and nobody else reads it; `version` and `revision` say from what it was
    written, so that a newer text is not overwritten (409 with the words that are newer)."""

    title = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    body = serializers.CharField(required=False, allow_blank=True, default="", trim_whitespace=False)
    rights = RightsShape(required=False)
    draft = serializers.BooleanField(required=False, default=False)
    version = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0)
    revision = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0)
    uploads = serializers.ListField(child=serializers.IntegerField(), required=False, default=list)
    op_id = OpIdField()


class WriterSerializer(serializers.ModelSerializer):
    username = serializers.CharField(source="member.username", read_only=True)
    name = serializers.CharField(source="member.name", read_only=True)

    class Meta:
        model = Writer
        fields = ("username", "name", "share", "part")
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer):
    """An entry as its reader sees it. `manuscript` and `rights` are its writers' own."""

    call = serializers.IntegerField(source="call.task_id", read_only=True)
    writers = WriterSerializer(source="signed", many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    manuscript = serializers.SerializerMethodField()
    rights = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = (
            "id", "call", "state", "title", "body", "html", "outline", "words", "version", "given_at", "edited_at",
            "after_reveal", "summary", "change_of_mind", "reply_count", "car_count", "writers", "manuscript", "rights", "url",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "object", "nullable": True})
    def get_manuscript(self, entry: Entry) -> dict[str, Any] | None:
        """Title, body, version and revision to go on with."""
        return now_of(entry) if self._mine(entry) else None

    @extend_schema_field(RightsShape)
    def get_rights(self, entry: Entry) -> dict[str, bool] | None:
        return {name: getattr(entry, name) for name in RIGHTS} if self._mine(entry) else None

    def _mine(self, entry: Entry) -> bool:
        return any(row.member_id == self.context["request"].user.pk for row in entry.signed)


def _signed(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return with_writers(entries).select_related("call__task__audience")


class InOrder(CursorPagination):
    ordering = ("given_at", "pk")


class Entries(generics.ListCreateAPIView):
    """Entries that the reader may see, the first given first: of a sealed call only the own before the reveal.

    POST gives the own entry (201), or another text of it (200); with `draft` it is saved only (200, the first time 201).
    """

    serializer_class = EntrySerializer
    pagination_class = InOrder
    queryset = Entry.objects.none()

    def get_queryset(self) -> QuerySet[Entry]:
        return _signed(entries_of(call_or_404(self.request.user, self.kwargs["pk"]), self.request.user))

    @extend_schema(request=EntryInput, responses={201: EntrySerializer, 200: EntrySerializer})
    def post(self, request: Request, pk: int) -> Response:
        call, by = call_or_404(request.user, pk), request.user
        sentence = _("You are not asked to write here.")
        said = validated(EntryInput(data=request.data), lambda: can_begin(by, call), sentence)
        own = own_entry(call, by)
        if own is None:
            require(can_begin(by, call), sentence)
        entry = own or begin_entry(by=by, call=call, rights=Rights(**said.get("rights", {})))
        entry = Entry.objects.select_related("call__task__audience").get(pk=entry.pk)
        before = entry.version
        shown = self._saved(by, entry, said) if said["draft"] else self._given(by, entry, said)
        shown.replayed = own is not None if said["draft"] else before > 0
        return created(shown, self.get_serializer(shown).data)

    def _given(self, by: Any, entry: Entry, said: dict[str, Any]) -> Entry:
        both = said["version"] is not None and said["revision"] is not None
        given = give_entry(
            by=by,
            entry=entry,
            title=said["title"],
            body=said["body"],
            seen=(said["version"], said["revision"]) if both else None,
            uploads=said["uploads"],
            op_id=said.get("op_id"),
        )
        return _signed(Entry.objects.all()).get(pk=given.pk)

    def _saved(self, by: Any, entry: Entry, said: dict[str, Any]) -> Entry:
        here = now_of(entry)
        saved = save_manuscript(
            by=by,
            entry=entry,
            title=said["title"],
            body=said["body"],
            version=here["version"] if said["version"] is None else said["version"],
            revision=here["revision"] if said["revision"] is None else said["revision"],
            uploads=said["uploads"],
        )
        if saved.aside is not None:
            raise Conflict(_("A newer text was saved elsewhere. Yours is kept beside it; read the entry to compare."))
        return _signed(Entry.objects.all()).get(pk=entry.pk)


class EntryDetail(generics.GenericAPIView):
    """One entry. DELETE withdraws the own, with every word of it."""

    serializer_class = EntrySerializer
    queryset = Entry.objects.none()

    @extend_schema(responses=EntrySerializer)
    def get(self, request: Request, pk: int, entry: int) -> Response:
        return Response(self.get_serializer(entry_or_404(request.user, pk, entry)).data)

    @extend_schema(responses={204: OpenApiResponse(description="Withdrawn.")})
    def delete(self, request: Request, pk: int, entry: int) -> Response:
        withdraw_entry(by=request.user, entry=entry_or_404(request.user, pk, entry))
        return Response(status=204)


def entry_or_404(user: Any, pk: int, entry: int) -> Entry:
    """An entry whose words this person may read."""
    readable = Entry.objects.visible_to(user).exclude(state=EntryState.WITHDRAWN)
    return get_object_or_404(_signed(readable), pk=entry, call__task=pk)


class ReplyInput(serializers.Serializer):
    """`vehicle`: a car of the own garage; whoever confirms names one."""

    kind = serializers.ChoiceField(choices=ReplyKind.choices)
    body = serializers.CharField(required=False, allow_blank=True, default="", trim_whitespace=False)
    vehicle = serializers.IntegerField(required=False, allow_null=True, default=None)
    sub_question = serializers.IntegerField(required=False, allow_null=True, default=None)
    private = serializers.BooleanField(required=False, default=False)
    op_id = OpIdField()


class ReplySerializer(serializers.ModelSerializer):
    """One answer under an entry; a confirmation with the car's model and version as they were."""

    author = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Reply
        fields = (
            "id", "kind", "body", "html", "author", "model", "software", "entry_version", "sub_question", "to", "of_staff",
            "private", "pinned", "state", "at", "edited_at", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_author(self, reply: Reply) -> str | None:
        """The user name; none of somebody who left."""
        return reply.author.username if reply.author and not reply.author.closed_at else None


class ByNumber(CursorPagination):
    ordering = "pk"


class Replies(generics.ListCreateAPIView):
    """Answers under an entry, in order. POST answers."""

    serializer_class = ReplySerializer
    pagination_class = ByNumber
    queryset = Reply.objects.none()

    def get_queryset(self) -> QuerySet[Reply]:
        found = entry_or_404(self.request.user, self.kwargs["pk"], self.kwargs["entry"])
        return replies_of(found, self.request.user).select_related("entry__call")

    @extend_schema(request=ReplyInput, responses={201: ReplySerializer, 200: ReplySerializer})
    def post(self, request: Request, pk: int, entry: int) -> Response:
        found, by = entry_or_404(request.user, pk, entry), request.user
        sentence = _("You cannot answer this entry.")
        said = validated(ReplyInput(data=request.data), lambda: can_reply(by, found), sentence)
        question = said.pop("sub_question")
        about = get_object_or_404(SubQuestion, pk=question, entry=found) if question else None
        reply = write_reply(by=by, entry=found, sub_question=about, **said)
        return created(reply, self.get_serializer(reply).data)
