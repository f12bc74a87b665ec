"""Serving media through the permission check.

Caching: `private` always and five minutes at most, with an ETag and `Vary: Cookie`. A picture that moderation hides is gone for
everyone who has not just seen it, a shared browser asks again after a change of person, and a page that is read twice costs nothing.
No shared cache may keep media, because the same address is visible to one reader and not to the next.
"""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from ..enums import Rendition
from ..models import Upload
from ..queries import served_name
from .ranges import Part, Unsatisfiable, asked_range

_TYPES = {"webp": "image/webp", "mp4": "video/mp4", "pdf": "application/pdf"}
_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
# A player that opens the address by itself must be able to ask for its parts; scripts stay forbidden.
_POLICIES = {"webp": _POLICY, "mp4": f"{_POLICY} allow-same-origin", "pdf": "default-src 'none'; sandbox"}
# What others made is saved and opened by a program of one's own, never shown on this site's address.
_SAVED = {"pdf"}


@require_safe
def rendition(request: HttpRequest, token: str, rendition: str) -> HttpResponseBase:
    """`/uploads/<token>/<rendition>`: 404 for what this person may not see, exactly as for what is not there."""
    if rendition not in Rendition.values:
        raise Http404
    upload = Upload.objects.visible_to(_reader(request)).filter(token=token).first()
    file = getattr(upload, rendition, None)
    if not file:
        raise Http404
    etag = f'"{upload.token}-{rendition}"'
    response = get_conditional_response(request, etag=etag) or _answer(request, file.storage, file.name, etag)
    if response.status_code in (200, 206):
        saved = _extension(file.name) in _SAVED
        response["Content-Disposition"] = content_disposition_header(saved, served_name(upload, file.name))
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=300"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICIES[_extension(file.name)]
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_vary_headers(response, ["Cookie", "Authorization"])
    return response


def _extension(name: str) -> str:
    return name.rpartition(".")[2]


def _reader(request: HttpRequest):
    """The session's member, or the one of an API token: who may ask the API for an address may follow it."""
    if request.user.is_authenticated or "Authorization" not in request.headers:
        return request.user
    try:
        found = TokenAuthentication().authenticate(request)
    except AuthenticationFailed:
        return request.user
    return found[0] if found else request.user


def _answer(request: HttpRequest, storage: Storage, name: str, etag: str) -> HttpResponseBase:
    kind = _TYPES[_extension(name)]
    prefix = getattr(settings, "UPLOADS", {}).get("ACCEL_PREFIX", "")
    if prefix:
        # The web server in front sends the bytes and the ranges; the decision stays here.
        return HttpResponse(headers={"X-Accel-Redirect": f"{prefix.rstrip('/')}/{name}", "Content-Type": kind})
    try:
        file, size = storage.open(name), storage.size(name)
    except FileNotFoundError:
        raise Http404
    # A part of an older copy must not be glued to a newer one.
    wanted = request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""
    try:
        span = asked_range(wanted, size)
    except Unsatisfiable:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if span is None:
        return FileResponse(file, content_type=kind)
    first, last = span
    part = Part(file, first, last)
    headers = {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(part.length)}
    return StreamingHttpResponse(part, status=206, content_type=kind, headers=headers)
