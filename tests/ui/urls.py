"""The style page and the interface's own small addresses, without any app's pages."""

from django.contrib import admin
from django.urls import include, path

from . import styleguide

urlpatterns = [
    path("styleguide/", styleguide.page),
    path("styleguide/states/<str:name>/", styleguide.state),
    path("styleguide/reply/<int:number>/", styleguide.reply, name="styleguide_reply"),
    path("", include("kocforum.ui.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
