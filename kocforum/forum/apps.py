from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForumConfig(AppConfig):
    name = "kocforum.forum"
    label = "forum"
    verbose_name = _("Forum")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.live.groups import register_group
        from kocforum.search.kinds import SearchKind, register
        from kocforum.ui import visitors
        from kocforum.uploads import kinds as upload_kinds

        from .handlers.kinds import register_all
        from .models import Post, Report, Thread, Topic
        from .queries import documents, own_data
        from .queries.visitors import version_of_list, version_of_thread

        register_all()
        visitors.register(r"/t/(\d{1,9})/", version_of_thread)
        visitors.register(r"/boards/([-\w]{1,80})/", version_of_list, seconds=60)  # "a minute ago" stands in it
        own_data.register_all()
        register_group("thread", Thread.objects.visible_to)
        register_group("topic", Topic.objects.visible_to)
        upload_kinds.register("post", Post.objects.visible_to)
        register(
            SearchKind(
                kind="thread",
                label=_("Threads"),
                queryset_for=lambda user: Thread.objects.visible_to(user).listed(),
                thread_of=lambda row: row.pk,
                documents=documents.of_threads,
            )
        )
        register(
            SearchKind(
                kind="post",
                titled=False,
                label=_("Posts"),
                queryset_for=lambda user: Post.objects.visible_to(user).filter(
                    state="visible", thread__state="visible"
                ),
                thread_of=lambda row: row.thread_id,
                documents=documents.of_posts,
            )
        )
        register(
            SearchKind(
                kind="report",
                label=_("Reports"),
                queryset_for=lambda user: Report.objects.visible_to(user).counted().select_related("thread"),
                thread_of=lambda row: row.thread_id,
                documents=documents.of_reports,
            )
        )
        register(
            SearchKind(
                kind="topic", label=_("Topics"), queryset_for=Topic.objects.visible_to, documents=documents.of_topics
            )
        )
