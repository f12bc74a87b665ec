from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "kocforum.notifications"
    label = "notifications"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.members.download import register

        from .queries import own_notifications, own_preferences

        register(lambda member: ("notifications", own_notifications(member)))
        register(lambda member: ("notification-choices", own_preferences(member)))
