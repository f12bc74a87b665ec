"""Questions, audiences and quotas as the API takes and gives them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..enums import QuestionType
from ..rules.notation import Unreadable, from_data
from ..rules.questionnaire import Item


class OptionShape(serializers.Serializer):
    """`words`: whoever chooses it may add own words. `picture`: the number of an upload."""

    key = serializers.CharField(max_length=40)
    label = serializers.CharField(max_length=60)
    exclusive = serializers.BooleanField(required=False)
    words = serializers.BooleanField(required=False)
    retired = serializers.BooleanField(required=False)
    picture = serializers.IntegerField(required=False)


class ScaleShape(serializers.Serializer):
    """The ends of a rating, a matrix or a number, and the words at them."""

    min = serializers.IntegerField(required=False)
    max = serializers.IntegerField(required=False)
    low = serializers.CharField(required=False)
    high = serializers.CharField(required=False)


class QuestionShape(serializers.Serializer):
    """One question. `show_if`: `{key, is | in | not | at_least | at_most}` of a question before it."""

    key = serializers.CharField(max_length=40)
    type = serializers.ChoiceField(choices=QuestionType.choices)
    text = serializers.CharField(max_length=200)
    help = serializers.CharField(max_length=300, required=False)
    page = serializers.IntegerField(required=False)
    required = serializers.BooleanField(required=False)
    options = OptionShape(many=True, required=False)
    scale = ScaleShape(required=False)
    show_if = serializers.DictField(required=False)
    quota = serializers.DictField(child=serializers.IntegerField(), required=False)
    shuffled = serializers.BooleanField(required=False)
    most = serializers.IntegerField(required=False)
    cannot_judge = serializers.BooleanField(required=False)


@extend_schema_field(QuestionShape(many=True))
class QuestionsField(serializers.JSONField):
    """Questions as they are imported and exported: read by the house's own notation, which names what is wrong."""

    def to_internal_value(self, data: Any) -> list[Item]:
        try:
            return from_data(super().to_internal_value(data))
        except Unreadable as wrong:
            sentence = _("“%(key)s”: %(why)s") % {"key": wrong.key, "why": wrong} if wrong.key else str(wrong)
            raise serializers.ValidationError(sentence) from wrong


class AudienceShape(serializers.Serializer):
    """One of each list must fit; `{}` is every member. `sample`: so many of them, drawn."""

    models = serializers.ListField(child=serializers.CharField(), required=False, max_length=200)
    versions = serializers.ListField(child=serializers.CharField(), required=False, max_length=200)
    koc_levels = serializers.ListField(child=serializers.CharField(), required=False, max_length=20)
    boards = serializers.ListField(child=serializers.CharField(), required=False, max_length=200)
    cities = serializers.ListField(child=serializers.CharField(), required=False, max_length=400)
    sample = serializers.IntegerField(required=False, allow_null=True, max_value=10**9)


class QuotaShape(serializers.Serializer):
    """At most so many answers from this model, version and level; what is left out is everybody."""

    limit = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    model = serializers.CharField(max_length=40, required=False, default="")
    version = serializers.CharField(max_length=40, required=False, default="")
    koc_level = serializers.CharField(max_length=12, required=False, default="")
