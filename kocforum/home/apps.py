from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "kocforum.home"
    label = "home"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.ui import visitors

        from .queries import ANONYMOUS_SECONDS, version_for_visitors

        visitors.register("/", version_for_visitors, query=("tab", "page"), seconds=ANONYMOUS_SECONDS)
