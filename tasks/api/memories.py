"""What those who were there keep of the day of an event, in JSON: read it, add to it, change it, take it down."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.memories import MOST_PICTURES, MOST_WORDS, edit_memory, remove_memory, tell_memory
from ..actions.taking_down import ask_to_take_down, hide_memory, keep_memory, show_memory
from ..models import Memory
from ..queries.memories import bring, memories_of
from ..rules.memories import (
    can_ask_to_take_down,
    can_edit_memory,
    can_tell_memory,
    looks_after,
)
from .events import event_or_404


class MemoryPicture(serializers.Serializer):
    """A picture or a film. The addresses answer to whoever may see the memory."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()


class MemoryThread(serializers.Serializer):
    """A thread of its author that belongs to it."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField(source="shown_title")
    url = serializers.CharField(source="get_absolute_url")


class MemorySerializer(serializers.ModelSerializer):
    """What one person keeps of the day. `thread` is null also for who may not open it; `reason` says why it is hidden."""

    author = serializers.CharField(source="author.username", read_only=True, allow_null=True, default=None)
    pictures = MemoryPicture(many=True, read_only=True)
    thread = serializers.SerializerMethodField()

    class Meta:
        model = Memory
        fields = ("id", "author", "words", "pictures", "thread", "state", "reason", "revision", "at", "edited_at")
        read_only_fields = fields

    @extend_schema_field(MemoryThread(allow_null=True))
    def get_thread(self, memory: Memory) -> dict[str, Any] | None:
        return MemoryThread(memory.thread_seen).data if memory.thread_seen else None


class MemoryInput(serializers.Serializer):
    """Words, own uploads by number, or both; a thread of one's own."""

    words = serializers.CharField(max_length=MOST_WORDS, required=False, allow_blank=True, default="")
    uploads = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=MOST_PICTURES, default=list
    )
    thread = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    op_id = OpIdField()


class MemoryChange(serializers.Serializer):
    """What is left out stays. `uploads` are its pictures from now on and no others; `revision` is what it was written from."""

    words = serializers.CharField(max_length=MOST_WORDS, required=False, allow_blank=True)
    uploads = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=MOST_PICTURES
    )
    thread = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    revision = serializers.IntegerField(min_value=1, required=False)


def _one(request: Request, pk: int, memory: int) -> Memory:
    found = event_or_404(request.user, pk)
    one = get_object_or_404(memories_of(found, request.user), pk=memory)
    one.event = found
    return one


def _told(request: Request, pk: int, memory: int) -> dict[str, Any]:
    return MemorySerializer(bring([_one(request, pk, memory)], request.user)[0]).data


class Memories(generics.ListCreateAPIView):
    """What was kept of the day, the newest first, for whoever may see the event. POST adds to it (who was there, until a month after)."""

    serializer_class = MemorySerializer
    pagination_class = CursorPagination
    queryset = Memory.objects.none()

    def get_queryset(self) -> QuerySet[Memory]:
        if getattr(self, "swagger_fake_view", False):
            return Memory.objects.none()
        return memories_of(event_or_404(self.request.user, self.kwargs["pk"]), self.request.user)

    def paginate_queryset(self, queryset: QuerySet[Memory]) -> list[Memory]:
        return bring(super().paginate_queryset(queryset), self.request.user)

    @extend_schema(request=MemoryInput, responses={201: MemorySerializer, 200: MemorySerializer})
    def post(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        sentence = _("Those who were there add pictures and words.")
        said = validated(MemoryInput(data=request.data), lambda: can_tell_memory(request.user, found), sentence)
        made = tell_memory(by=request.user, event=found, **said)
        return created(made, _told(request, pk, made.pk))


class OneMemory(generics.GenericAPIView):
    """One of them. PATCH changes it, DELETE takes it down (its author)."""

    serializer_class = MemorySerializer
    queryset = Memory.objects.none()

    @extend_schema(responses=MemorySerializer)
    def get(self, request: Request, pk: int, memory: int) -> Response:
        return Response(_told(request, pk, memory))

    @extend_schema(request=MemoryChange, responses=MemorySerializer)
    def patch(self, request: Request, pk: int, memory: int) -> Response:
        [one] = bring([_one(request, pk, memory)], request.user)
        sentence = _("What somebody else keeps of the day is theirs.")
        said = validated(MemoryChange(data=request.data), lambda: can_edit_memory(request.user, one), sentence)
        before = {"words": one.words, "uploads": [file.pk for file in one.pictures], "thread": one.thread_id}
        edit_memory(by=request.user, memory=one, **before | said)
        return Response(_told(request, pk, memory))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, memory: int) -> Response:
        remove_memory(by=request.user, memory=_one(request, pk, memory))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MemoryReason(serializers.Serializer):
    """A sentence that others read."""

    words = serializers.CharField(max_length=300)


class MemoryDecision(serializers.Serializer):
    """`revision` is what was read."""

    revision = serializers.IntegerField(min_value=1)


class MemoryVerdict(MemoryReason, MemoryDecision):
    """Why it is hidden, or why it stays."""


class MemoryWish(MemoryReason):
    """Which picture, and why."""

    op_id = OpIdField()


class AskMemoryDown(generics.GenericAPIView):
    """Ask that it be taken down; organisers and moderators read it."""

    queryset = Memory.objects.none()

    @extend_schema(request=MemoryWish, responses={201: MemoryReason, 200: MemoryReason})
    def post(self, request: Request, pk: int, memory: int) -> Response:
        one = _one(request, pk, memory)
        said = validated(
            MemoryWish(data=request.data), lambda: can_ask_to_take_down(request.user, one), _("You cannot ask this.")
        )
        asked = ask_to_take_down(by=request.user, memory=one, **said)
        return created(asked, {"words": asked.words})


class LookAfterMemory(generics.GenericAPIView):
    """Hide it with a reason, or answer why it stays: organisers of the event and moderators."""

    queryset = Memory.objects.none()
    hides = True

    @extend_schema(request=MemoryVerdict, responses=MemorySerializer)
    def post(self, request: Request, pk: int, memory: int) -> Response:
        one = _one(request, pk, memory)
        sentence = _("The organisers look after it, and moderators.")
        said = validated(MemoryVerdict(data=request.data), lambda: looks_after(request.user, one), sentence)
        if self.hides:
            hide_memory(by=request.user, memory=one, reason=said["words"], revision=said["revision"])
        else:
            keep_memory(by=request.user, memory=one, words=said["words"], revision=said["revision"])
        return Response(_told(request, pk, memory))


class ShowMemory(generics.GenericAPIView):
    """Let it be read, after a look or again: whoever hid it."""

    queryset = Memory.objects.none()

    @extend_schema(request=MemoryDecision, responses=MemorySerializer)
    def post(self, request: Request, pk: int, memory: int) -> Response:
        one = _one(request, pk, memory)
        sentence = _("The organisers look after it, and moderators.")
        said = validated(MemoryDecision(data=request.data), lambda: looks_after(request.user, one), sentence)
        show_memory(by=request.user, memory=one, revision=said["revision"])
        return Response(_told(request, pk, memory))
