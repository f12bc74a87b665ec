"""Small addresses of the interface itself."""

from django.urls import path

from . import views

urlpatterns = [
    path("ui/theme/", views.set_theme, name="set_theme"),
    path("ui/language/", views.set_language, name="set_language"),
    path("ui/preview/", views.preview, name="preview"),
    path("ui/qr.svg", views.qr, name="qr"),
]
