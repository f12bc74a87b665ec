"""Events in JSON: find one, plan and open one, take a place, give it up, see who comes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Invalid, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import MomentField
from kocforum.ui.api.pages import CursorPagination

from ..actions.events import (
    MOST_PARTY,
    MOST_PLACES,
    EventTerms,
    QuestionDraft,
    cancel_event,
    close_event,
    edit_event,
    open_event,
    plan_event,
    postpone_event,
)
from ..models import Event, EventQuestion, Initiative
from ..queries.events import endorsement_of
from ..rules.events import can_plan, can_run


class QuestionInput(serializers.Serializer):
    """Something that is asked of who comes."""

    text = serializers.CharField(max_length=200)
    required = serializers.BooleanField(required=False, default=False)


class EventInput(serializers.Serializer):
    """An event of an own initiative. Once it is open, `questions` are only added."""

    initiative = serializers.IntegerField(min_value=1)
    title = serializers.CharField(max_length=120)
    starts_at = MomentField()
    ends_at = MomentField()
    timezone = serializers.CharField(max_length=40, required=False)
    city = serializers.CharField(max_length=40)
    place = serializers.CharField(max_length=200)
    capacity = serializers.IntegerField(min_value=1, max_value=MOST_PLACES)
    about = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    agenda = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    party_most = serializers.IntegerField(min_value=1, max_value=MOST_PARTY, required=False)
    asks_car = serializers.BooleanField(required=False)
    offer_hours = serializers.IntegerField(min_value=1, max_value=168, required=False)
    offers_stop_hours = serializers.IntegerField(min_value=0, max_value=168, required=False)
    waiver = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    questions = QuestionInput(many=True, required=False)
    op_id = OpIdField()


class QuestionSerializer(serializers.ModelSerializer):
    """A question with the key under which it is answered."""

    class Meta:
        model = EventQuestion
        fields = ("key", "text", "required")
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer):
    """An event. `taken` counts guests and places that are promised; `endorsement` is a code while the endorsement is in force. `waiver` are
    the organisers' words about risk, and `waiver_sha256` names this version of them."""

    initiative = serializers.IntegerField(source="initiative_id", read_only=True)
    organiser = serializers.CharField(
        source="initiative.proposer.username", read_only=True, allow_null=True, default=None
    )
    questions = QuestionSerializer(many=True, read_only=True)
    taken = serializers.IntegerField(read_only=True)
    endorsement = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Event
        fields = (
            "id", "initiative", "organiser", "title", "about", "agenda", "city", "place", "starts_at", "ends_at", "timezone",
            "capacity", "going", "guests", "offered", "taken", "party_most", "asks_car", "offer_hours", "offers_stop_hours",
            "questions", "waiver", "waiver_sha256", "state", "cancelled_because", "postponed_because", "endorsement", "url",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_endorsement(self, event: Event) -> str | None:
        lent = endorsement_of(event.initiative)
        return lent.code if lent else None


def events_seen_by(user: Any) -> QuerySet[Event]:
    seen = Event.objects.visible_to(user).select_related("initiative__proposer", "initiative__endorsement")
    return seen.prefetch_related("questions")


def event_or_404(user: Any, pk: int) -> Event:
    return get_object_or_404(events_seen_by(user), pk=pk)


def terms_from(said: dict[str, Any], before: dict[str, Any] | None = None) -> EventTerms:
    values = {**(before or {}), **{name: value for name, value in said.items() if name not in {"initiative", "op_id"}}}
    if "questions" in said:
        values["questions"] = [QuestionDraft(**one) for one in said["questions"]]
    return EventTerms(**values)


def kept_in(event: Event) -> dict[str, Any]:
    """What stands in the row, as terms take it."""
    names = [name for name in EventTerms.__dataclass_fields__ if name != "questions"]
    questions = [QuestionDraft(text=one.text, required=one.required) for one in event.questions.all()]
    return {**{name: getattr(event, name) for name in names}, "questions": questions}


class EventList(generics.ListCreateAPIView):
    """Events that the reader may know, the newest first; `?city=` one city, `?coming=1` what can be joined. POST plans one (who leads
    the initiative)."""

    serializer_class = EventSerializer
    pagination_class = CursorPagination
    queryset = Event.objects.none()

    def get_queryset(self) -> QuerySet[Event]:
        seen, asked = events_seen_by(self.request.user), self.request.query_params
        if asked.get("coming"):
            seen = seen.filter(pk__in=Event.objects.coming().order_by().values("pk"))
        return seen.filter(city=asked["city"]) if asked.get("city") else seen

    @extend_schema(parameters=[OpenApiParameter("city", str), OpenApiParameter("coming", bool)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=EventInput, responses={201: EventSerializer, 200: EventSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sentence = _("You cannot plan an event here.")
        led = Initiative.objects.led_by(request.user)
        named = request.data.get("initiative") if isinstance(request.data, dict) else None
        number = named if isinstance(named, int) and not isinstance(named, bool) and 0 < named < 2**63 else 0
        initiative = led.filter(pk=number).first()
        if initiative is None and number:
            initiative = named_initiative(request.user, number)
        may = can_plan(request.user, initiative) if initiative else led.exists()
        require(may, sentence)
        said = validated(EventInput(data=request.data), lambda: may, sentence)
        event = plan_event(by=request.user, initiative=initiative, terms=terms_from(said), op_id=said.get("op_id"))
        shown = event_or_404(request.user, event.pk)
        shown.replayed = getattr(event, "replayed", False)
        return created(shown, self.get_serializer(shown).data)


def named_initiative(user: Any, number: int) -> Initiative:
    """Named in the body, so what is not known is a wrong field."""
    found = Initiative.objects.visible_to(user).filter(pk=number).first()
    if found is None:
        raise Invalid({"initiative": _("There is no such initiative.")})
    return found


class EventDetail(generics.GenericAPIView):
    """One event. PATCH changes it (its organisers; the brand never)."""

    serializer_class = EventSerializer
    queryset = Event.objects.none()

    @extend_schema(responses=EventSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(event_or_404(request.user, pk)).data)

    @extend_schema(request=EventInput, responses=EventSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        sentence = _("The event belongs to its organisers.")
        require(can_run(request.user, found), sentence)
        said = validated(EventInput(data=request.data, partial=True), lambda: can_run(request.user, found), sentence)
        # What is left out is read where nobody else can write it any more.
        edit_event(by=request.user, event=found, terms=lambda held: terms_from(said, kept_in(held)))
        return Response(self.get_serializer(event_or_404(request.user, pk)).data)


class EventReason(serializers.Serializer):
    """Why, for a cancellation."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class EventMove(generics.GenericAPIView):
    """Its organisers open it, close it, postpone it, cancel it."""

    serializer_class = EventSerializer
    queryset = Event.objects.none()
    to = "open"

    @extend_schema(request=EventReason, responses=EventSerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        sentence = _("The event belongs to its organisers.")
        said = validated(EventReason(data=request.data), lambda: can_run(request.user, found), sentence)
        if self.to == "open":
            open_event(by=request.user, event=found)
        elif self.to == "closed":
            close_event(by=request.user, event=found)
        elif self.to == "postponed":
            postpone_event(by=request.user, event=found, reason=said["reason"])
        else:
            cancel_event(by=request.user, event=found, reason=said["reason"])
        return Response(self.get_serializer(event_or_404(request.user, pk)).data)
