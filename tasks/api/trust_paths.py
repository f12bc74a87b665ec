"""Addresses of the trust envelope in JSON."""

from django.urls import path

from .trust import ContestAnswer, Contests, OwnTrust

trust_paths = [
    path("me/trust/", OwnTrust.as_view(), name="api-trust"),
    path("me/trust/contests/", Contests.as_view(), name="api-contests"),
    path("me/trust/contests/<int:pk>/answer/", ContestAnswer.as_view(), name="api-contest-answer"),
]
