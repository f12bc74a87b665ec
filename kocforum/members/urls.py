"""Signing up and in, the texts, and the own settings. The public profile belongs to kocforum.home."""

from django.urls import include, path

from .views import agreements, settings

urlpatterns = [
    path("accounts/agreement/<slug:kind>/", agreements.agreement, name="agreement"),
    path("accounts/consents/", agreements.consents, name="consents"),
    path("accounts/codes/", agreements.codes, name="codes"),
    path("accounts/", include("allauth.urls")),
    path("me/settings/", settings.settings_page, name="settings"),
    path("me/data/", settings.data, name="data"),
    path("me/close/", settings.close, name="close_account"),
]

api_urlpatterns: list = []
