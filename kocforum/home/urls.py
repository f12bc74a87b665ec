"""Addresses of the pages that mix apps."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.front, name="front"),
    path("river/", views.river, name="river"),
    path("u/<str:username>/", views.profile, name="profile"),
    path("me/", views.me, name="me"),
]
