"""Addresses of uploads."""

from django.urls import path

from . import api, views

urlpatterns = [
    path("uploads/<slug:token>/<slug:rendition>", views.rendition, name="upload"),
]

api_urlpatterns = [
    path("uploads/", api.UploadViewSet.as_view({"post": "create"}), name="api-uploads"),
    path("uploads/<int:pk>/", api.UploadViewSet.as_view({"get": "retrieve", "delete": "destroy"}), name="api-upload"),
]
