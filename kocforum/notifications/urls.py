"""Addresses of the inbox."""

from django.urls import path

from . import views

urlpatterns = [
    path("me/notifications/", views.inbox, name="notifications"),
    path("me/notifications/badge/", views.badge, name="notifications_badge"),
    path("me/notifications/read/", views.read_all, name="notifications_read"),
    path("me/notifications/settings/", views.preferences, name="notification_preferences"),
    path("me/notifications/<int:pk>/", views.follow, name="notification"),
]
