"""The gate of an event in JSON: what its phones did, and the list that they carry."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import require
from kocforum.ui.api.answers import validated
from kocforum.ui.api.moments import MomentField

from ..actions.scans import KINDS, MOST_AT_ONCE, MOST_PEOPLE, ScanDraft, receive_scans
from ..enums import RsvpState, ScanResult
from ..queries.gates import arrivals_of, roster_of, stamp_of, told_of
from ..rules.events import can_keep_gate
from .events import event_or_404

TEN_YEARS = 10 * 365 * 24 * 3600 * 1000


class ScanInput(serializers.Serializer):
    """One thing done at the gate. `ticket` as it was read, or `place` where a name was tapped. `scanned_at` is the phone's own clock and
    `ahead_ms` what it must be moved by. `kind`: `more` of a party that is in, `walk_in` for who has no place, `undo` takes back the scan
    with the nonce `of`."""

    nonce = serializers.CharField(max_length=64)
    device = serializers.CharField(max_length=200, allow_blank=True, trim_whitespace=False)
    scanned_at = MomentField()
    kind = serializers.ChoiceField(choices=KINDS, required=False, default="scan")
    ticket = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    place = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True, default=None)
    people = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, required=False, allow_null=True, default=None)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    of = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    ahead_ms = serializers.IntegerField(
        min_value=-TEN_YEARS, max_value=TEN_YEARS, required=False, allow_null=True, default=None
    )


class ScansInput(serializers.Serializer):
    """What a phone did since it was last heard, in its order."""

    scans = ScanInput(many=True, max_length=MOST_AT_ONCE)


class FirstScan(serializers.Serializer):
    """Who let them in, and when."""

    at = serializers.DateTimeField()
    device = serializers.CharField()


class ScanAnswer(serializers.Serializer):
    """What a scan came to. `again` is no error: both facts are kept, and `first` says which phone let them in.
    `frozen`: it would have changed who was there when an incident was reported; it is kept, and changes nothing."""

    nonce = serializers.CharField()
    result = serializers.ChoiceField(choices=ScanResult.choices)
    detail = serializers.CharField()
    place = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    party = serializers.IntegerField(allow_null=True)
    people = serializers.IntegerField()
    first = FirstScan(allow_null=True)


class ScansAnswer(serializers.Serializer):
    """One result per scan, in the order in which they were sent."""

    results = ScanAnswer(many=True)
    server_time = serializers.DateTimeField()


class RosterRow(serializers.Serializer):
    """A place as a phone at the gate carries it. `ticket` is the SHA-256 of the ticket: nobody at the gate holds another's ticket.
    `stands`: an incident was reported since, and nothing takes them back. `accepted`: the words about risk of now; null where none are."""

    place = serializers.IntegerField()
    ticket = serializers.CharField()
    state = serializers.ChoiceField(choices=RsvpState.choices)
    name = serializers.CharField()
    username = serializers.CharField()
    party = serializers.IntegerField()
    car = serializers.CharField(allow_blank=True)
    plate = serializers.CharField(allow_blank=True)
    came = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True)
    device = serializers.CharField(allow_blank=True)
    nonce = serializers.CharField(allow_blank=True)
    stands = serializers.BooleanField()
    accepted = serializers.BooleanField(allow_null=True)


class RosterAnswer(serializers.Serializer):
    """The list at the gate; `places` is null where nothing changed since `?stamp=`."""

    event = serializers.IntegerField()
    server_time = serializers.DateTimeField()
    stamp = serializers.CharField()
    expected = serializers.IntegerField()
    came = serializers.IntegerField()
    walk_ins = serializers.IntegerField()
    places = RosterRow(many=True, allow_null=True)


class CheckIns(APIView):
    """POST what phones at the gate did: kept and answered one by one, and safe to send again."""

    @extend_schema(request=ScansInput, responses=ScansAnswer)
    def post(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        sentence = _("The organisers and their helpers keep the gate.")
        said = validated(ScansInput(data=request.data), lambda: can_keep_gate(request.user, found), sentence)
        kept = receive_scans(by=request.user, event=found, scans=[ScanDraft(**one) for one in said["scans"]])
        answer = {"results": [told_of(scan) for scan in kept], "server_time": timezone.now()}
        return Response(ScansAnswer(answer).data)


class Roster(APIView):
    """The list that a phone at the gate carries, so that it works without a network."""

    @extend_schema(parameters=[OpenApiParameter("stamp", str)], responses=RosterAnswer)
    def get(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        require(can_keep_gate(request.user, found), _("The organisers and their helpers keep the gate."))
        stamp, arrivals = stamp_of(found), arrivals_of(found)
        answer: dict[str, Any] = {
            "event": found.pk,
            "server_time": timezone.now(),
            "stamp": stamp,
            "expected": arrivals.expected,
            "came": arrivals.came,
            "walk_ins": arrivals.walk_ins,
            "places": None if request.query_params.get("stamp") == stamp else roster_of(found),
        }
        return Response(RosterAnswer(answer).data)
