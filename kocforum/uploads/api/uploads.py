"""Uploads over HTTP: give a file, look at it, take it back while it belongs to nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Invalid, require
from kocforum.ui.api.answers import OpIdField, created

from .. import actions, rules
from ..enums import Kind
from ..models import Upload

# Borders and names of a multipart body, on top of the largest file.
ENVELOPE = 64 * 1024


class NewUploadSerializer(serializers.Serializer):
    """One file, as multipart form data."""

    file = serializers.FileField(
        help_text="JPEG, PNG, WebP, GIF, HEIC; MP4, MOV; for a receipt PDF.", allow_empty_file=True
    )
    meant_for = serializers.CharField(
        max_length=20, required=False, help_text="`expense` for a receipt, which may be a PDF."
    )
    op_id = OpIdField()


class PictureSerializer(serializers.ModelSerializer):
    """What others need to show a picture. Addresses are paths of this site."""

    captured_at = serializers.SerializerMethodField(help_text="What the file itself says; null when it says nothing.")
    url = serializers.CharField(read_only=True)
    thumbnail_url = serializers.CharField(read_only=True)

    class Meta:
        model = Upload
        fields = ("id", "kind", "width", "height", "captured_at", "captured_at_source", "url", "thumbnail_url")
        read_only_fields = fields

    def get_captured_at(self, upload: Upload) -> dt.datetime | None:
        return upload.captured


class VideoSerializer(PictureSerializer):
    """A video has a length in seconds and a poster besides."""

    duration = serializers.FloatField(read_only=True)
    poster_url = serializers.CharField(read_only=True)

    class Meta(PictureSerializer.Meta):
        fields = (*PictureSerializer.Meta.fields, "duration", "poster_url")
        read_only_fields = fields


class PaperSerializer(PictureSerializer):
    """A PDF is shown by a picture of its first page, and saved as it was sent."""

    document_url = serializers.CharField(read_only=True)

    class Meta(PictureSerializer.Meta):
        fields = (*PictureSerializer.Meta.fields, "document_url")
        read_only_fields = fields


SERIALIZERS = {
    Kind.IMAGE.value: PictureSerializer,
    Kind.VIDEO.value: VideoSerializer,
    Kind.PAPER.value: PaperSerializer,
}
SHOWN = PolymorphicProxySerializer(
    component_name="Upload",
    serializers=SERIALIZERS,
    resource_type_field_name="kind",
)


def shown(upload: Upload) -> dict[str, Any]:
    """An upload as its kind is shown."""
    return SERIALIZERS[upload.kind](upload).data


REPLAY = OpenApiResponse(SHOWN, description="The first result of a repeated op_id.")


@extend_schema_view(
    create=extend_schema(request={"multipart/form-data": NewUploadSerializer}, responses={201: SHOWN, 200: REPLAY}),
    retrieve=extend_schema(responses={200: SHOWN}),
    destroy=extend_schema(responses={204: None}),
)
class UploadViewSet(mixins.DestroyModelMixin, viewsets.GenericViewSet):
    """Pictures and videos, each cleaned of everything but what is seen and heard; the bytes that were sent are not kept. A receipt may
    be a PDF, which is kept as it is."""

    queryset = Upload.objects.none()
    serializer_class = NewUploadSerializer
    permission_classes = (IsAuthenticated,)
    parser_classes = (MultiPartParser,)
    lookup_value_regex = r"\d+"

    def get_queryset(self):
        rows = Upload.objects.visible_to(self.request.user)
        return rows.filter(owner=self.request.user.pk) if self.action == "destroy" else rows

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A body that no file explains is refused unread, even before the sign-in, whose CSRF check would read it."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > rules.limit("VIDEO_BYTES") + ENVELOPE:
            raise Invalid(
                {"file": _("This file is larger than %(n)s MB.") % {"n": rules.limit("VIDEO_BYTES") // rules.MEGABYTE}}
            )
        super().initial(request, *args, **kwargs)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(shown(self.get_object()))

    def create(self, request: Request) -> Response:
        # Right before fields: nobody waits for a decoder to be told that they may not.
        require(rules.can_upload(request.user), _("You cannot add files."))
        given = NewUploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload = actions.receive(by=request.user, **given.validated_data)
        return created(upload, shown(upload))

    def perform_destroy(self, instance: Upload) -> None:
        actions.discard(by=self.request.user, upload=instance)
