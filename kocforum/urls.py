"""The map of addresses: with asgi, wsgi and server the only place that names every app."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from insights import urls as insights
from kocforum.forum import urls as forum
from kocforum.garage import urls as garage
from kocforum.health import healthz, readyz
from kocforum.home import urls as home
from kocforum.members import urls as members
from kocforum.notifications import urls as notifications
from kocforum.search import urls as search
from kocforum.ui import urls as ui
from kocforum.ui.api.nowhere import Nowhere
from kocforum.uploads import urls as uploads
from tasks import urls as tasks

APPS = [home, forum, garage, insights, members, notifications, search, tasks, ui, uploads]

api_v1 = [pattern for app in APPS for pattern in getattr(app, "api_urlpatterns", [])]

handler429 = "kocforum.ui.views.too_many"  # asked by the sign-in pages

urlpatterns = [
    path("api/v1/", include(api_v1)),  # first: who calls it does not go past the addresses of all pages
    *[pattern for app in APPS for pattern in app.urlpatterns],
    re_path(r"^api/v1/.*/$", Nowhere.as_view()),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/", admin.site.urls),
]
