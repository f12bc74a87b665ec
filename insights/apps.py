from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "insights"
    label = "insights"
    verbose_name = _("Insights")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.live.groups import register_group
        from kocforum.members.download import register as register_download
        from kocforum.ui import links

        from .kinds import register_kinds
        from .links import beside_quote, beside_task, beside_thread, beside_topic
        from .models import Release, Ticket
        from .queries.download import offers_and_sealed_words

        links.register("thread", beside_thread)
        links.register("topic", beside_topic)
        links.register("task", beside_task)
        links.register("quote", beside_quote)
        register_kinds()
        register_download(offers_and_sealed_words)
        register_group("ticket", Ticket.objects.visible_to)
        register_group("release", Release.objects.visible_to)
