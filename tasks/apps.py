from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    label = "tasks"
    verbose_name = _("Tasks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.live.groups import register_group
        from kocforum.members.download import register as register_download
        from kocforum.ui import links, panels
        from kocforum.uploads import kinds as uploads

        from .actions import responses, survey_moves
        from .enums import TaskForm
        from .instruments import Instrument, register
        from .kinds import register_kinds
        from .links import beside_thread, panel_beside_thread
        from .models import Task
        from .queries import instruments, polls, respondents, surveys
        from .queries.download import what_i_answered
        from .rules import surveys as rules

        register(
            Instrument(
                form=TaskForm.SURVEY,
                problems=surveys.problems_of,
                figures=surveys.figures_of,
                bring=polls.bring_instruments,
                page=surveys.page_of,
                may_open=rules.can_open_survey,
                moved=survey_moves.survey_moved,
                new=[(_("one question, one tap"), "poll_new"), (_("several questions"), "survey_new")],
                edit=surveys.edit_address,
                again=surveys.again_address,
                partials={
                    "card": "tasks/surveys/_card.html",
                    "page": "tasks/surveys/_page.html",
                    "desk": "tasks/surveys/_desk.html",
                },
            )
        )
        links.register("thread", beside_thread)
        panels.register("thread", panel_beside_thread)
        register_kinds()
        register_download(what_i_answered)
        register_group("task", Task.objects.visible_to)
        uploads.register(instruments.OPTION_PICTURES, instruments.options_seen_by)
        uploads.register(responses.ANSWER_PHOTOS, respondents.photos_seen_by)
