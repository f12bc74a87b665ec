"""Boards, threads, posts."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Invalid
from kocforum.members.rules import can_write
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.posts import edit_post, write_post
from ..actions.threads import open_thread
from ..actions.withdrawals import withdraw_post
from ..enums import PostState
from ..models import Board, Post, Thread
from ..rules.posts import can_edit_post, can_post

NOT_FOUND = OpenApiResponse(description="There is no such thing, or you may not see it.")


class ByPosition(CursorPagination):
    ordering = ("position", "id")


class ByNumber(CursorPagination):
    ordering = "number"


class BoardSerializer(serializers.ModelSerializer):
    """A board that the caller may read."""

    parent = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Board
        fields = ("id", "slug", "name", "name_en", "about", "about_en", "parent", "review", "only_staff_opens", "url")
        read_only_fields = fields


class ThreadSerializer(serializers.ModelSerializer):
    """A thread; `report` is the id of its report where it has one."""

    board = serializers.SlugRelatedField(slug_field="slug", queryset=Board.objects.all())
    author = serializers.CharField(source="author.username", read_only=True, default=None)
    report = serializers.IntegerField(source="report.pk", read_only=True, default=None)
    body = serializers.CharField(write_only=True, max_length=100_000)
    uploads = serializers.ListField(child=serializers.IntegerField(), write_only=True, required=False, max_length=20)
    locked = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    op_id = OpIdField()

    def to_representation(self, thread: Thread) -> dict[str, Any]:
        return {**super().to_representation(thread), "title": thread.shown_title}

    class Meta:
        model = Thread
        fields = (
            "id",
            "board",
            "kind",
            "title",
            "body",
            "uploads",
            "author",
            "state",
            "created_at",
            "last_post_at",
            "reply_count",
            "locked",
            "pinned",
            "official_status",
            "official_note",
            "report",
            "url",
            "op_id",
        )
        read_only_fields = (
            "kind",
            "state",
            "created_at",
            "last_post_at",
            "reply_count",
            "pinned",
            "official_status",
            "official_note",
        )

    def get_locked(self, thread: Thread) -> bool:
        return thread.locked_at is not None


class PostSerializer(serializers.ModelSerializer):
    """A post: `body` is Markdown, `html` is safe to show. A tombstone has a number and a state, and no words."""

    thread = serializers.IntegerField(source="thread_id", read_only=True)
    author = serializers.SerializerMethodField()
    body = serializers.CharField(max_length=100_000)
    html = serializers.CharField(read_only=True)
    reply_to = serializers.IntegerField(source="reply_to_id", required=False, allow_null=True)
    uploads = serializers.ListField(child=serializers.IntegerField(), write_only=True, required=False, max_length=20)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    op_id = OpIdField()

    class Meta:
        model = Post
        fields = (
            "id",
            "thread",
            "number",
            "kind",
            "state",
            "author",
            "body",
            "html",
            "reply_to",
            "uploads",
            "created_at",
            "edited_at",
            "revision",
            "url",
            "op_id",
        )
        read_only_fields = ("number", "kind", "state", "created_at", "edited_at", "revision")

    def get_author(self, post: Post) -> str | None:
        return post.author.username if post.author and not post.author.closed_at else None

    def to_representation(self, post: Post) -> dict[str, Any]:
        said = super().to_representation(post)
        user = self.context["request"].user
        own = user.is_authenticated and post.author_id == user.pk and post.state == PostState.PENDING
        if post.state != PostState.VISIBLE and not own:
            said |= {"body": "", "html": "", "author": None}
        return said


class BoardList(generics.ListAPIView):
    """Boards that the caller may read."""

    serializer_class = BoardSerializer
    pagination_class = ByPosition

    def get_queryset(self):
        return Board.objects.visible_to(self.request.user).select_related("parent")


@extend_schema(parameters=[OpenApiParameter("board", str, description="Slug of a board: only its threads.")])
class ThreadList(generics.ListCreateAPIView):
    """Threads, the newest first. POST opens a discussion."""

    serializer_class = ThreadSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]

    def get_queryset(self):
        threads = Thread.objects.visible_to(self.request.user).listed().select_related("board", "author", "report")
        board = self.request.query_params.get("board")
        return threads.filter(board__slug=board) if board else threads

    @extend_schema(responses={201: ThreadSerializer, 200: ThreadSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.fields["board"].queryset = Board.objects.visible_to(request.user)
        values = validated(asked, lambda: can_write(request.user), _("You cannot open a thread here."))
        thread = open_thread(
            by=request.user,
            board=values["board"],
            title=values["title"],
            body=values["body"],
            uploads=values.get("uploads", ()),
            op_id=values.get("op_id"),
        )
        return created(thread, self.get_serializer(thread).data)


@extend_schema(responses={200: ThreadSerializer, 404: NOT_FOUND})
class ThreadDetail(generics.RetrieveAPIView):
    """One thread."""

    serializer_class = ThreadSerializer

    def get_queryset(self):
        return Thread.objects.visible_to(self.request.user).select_related("board", "author", "report")


class PostList(generics.ListCreateAPIView):
    """Posts of a thread by number, tombstones included. POST answers."""

    serializer_class = PostSerializer
    pagination_class = ByNumber
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Post.objects.none()

    def get_thread(self) -> Thread:
        return get_object_or_404(
            Thread.objects.visible_to(self.request.user).select_related("board"), pk=self.kwargs["pk"]
        )

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Post.objects.none()
        return self.get_thread().posts.select_related("author")

    @extend_schema(responses={201: PostSerializer, 200: PostSerializer, 404: NOT_FOUND})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        thread = self.get_thread()
        asked = self.get_serializer(data=request.data)
        values = validated(asked, lambda: can_post(request.user, thread), _("You cannot answer here."))
        reply_to = values.get("reply_to_id")
        answered = Post.objects.visible_to(request.user).filter(pk=reply_to).first()
        if reply_to is not None and answered is None:
            raise Invalid({"reply_to": _("There is no such post.")})
        post = write_post(
            by=request.user,
            thread=thread,
            body=values["body"],
            reply_to=answered,
            uploads=values.get("uploads", ()),
            op_id=values.get("op_id"),
        )
        return created(post, self.get_serializer(post).data)


class PostChange(serializers.Serializer):
    """New words for one's own post; `revision` is the one that was read, against two windows at once."""

    body = serializers.CharField(max_length=100_000)
    revision = serializers.IntegerField(required=False)


class PostDetail(generics.GenericAPIView):
    """One post: read it, change it, withdraw it."""

    serializer_class = PostSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Post.objects.none()

    def get_queryset(self):
        return Post.objects.visible_to(self.request.user).select_related("author", "thread__board")

    @extend_schema(responses={200: PostSerializer, 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=PostChange, responses={200: PostSerializer, 404: NOT_FOUND})
    def patch(self, request: Request, pk: int) -> Response:
        post = self.get_object()
        asked = PostChange(data=request.data)
        values = validated(asked, lambda: can_edit_post(request.user, post), _("You can edit your own posts only."))
        edit_post(by=request.user, post=post, body=values["body"], revision=values.get("revision"))
        return Response(self.get_serializer(post).data)

    @extend_schema(responses={204: None, 404: NOT_FOUND})
    def delete(self, request: Request, pk: int) -> Response:
        withdraw_post(by=request.user, post=self.get_object())
        return Response(status=204)
