from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "kocforum.search"
    label = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.members.models import Member

        from .handlers import MEMBER, member_documents
        from .kinds import SearchKind, register

        register(
            SearchKind(
                kind=MEMBER,
                label=_("Members"),
                queryset_for=Member.objects.visible_to,
                documents=member_documents,
            )
        )
