from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GarageConfig(AppConfig):
    name = "kocforum.garage"
    label = "garage"
    verbose_name = _("Garage")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.members.download import register

        from .queries import own_vehicles

        register(lambda member: ("vehicles", own_vehicles(member)))
