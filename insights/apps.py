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
        from tasks import evidence

        from .kinds import register_kinds
        from .links import beside_quote, beside_room_result, beside_task, beside_thread, beside_topic
        from .models import Release, Ticket
        from .queries.download import offers_and_sealed_words
        from .queries.quotes import tickets_on
        from .queries.subjects import reports_seen_under, tickets_to_ask_about

        links.register("thread", beside_thread)
        links.register("topic", beside_topic)
        links.register("task", beside_task)
        links.register("quote", beside_quote)
        links.register("room_result", beside_room_result)
        evidence.register(
            evidence.Source(kind="ticket", label=_("Tickets"), choices=tickets_to_ask_about, reports=reports_seen_under)
        )
        evidence.register_quoting(tickets_on)
        register_kinds()
        register_download(offers_and_sealed_words)
        register_group("ticket", Ticket.objects.visible_to)
        register_group("release", Release.objects.visible_to)
