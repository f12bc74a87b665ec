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
        from kocforum.search import kinds as search
        from kocforum.ui import links, panels
        from kocforum.uploads import kinds as uploads

        from .actions import call_rounds, responses, survey_moves
        from .enums import TaskForm
        from .instruments import Instrument, register
        from .kinds import register_kinds
        from .links import beside_thread, panel_beside_thread
        from .models import Entry, Task
        from .models.entries import ENTRIES_KIND
        from .queries import calls, entries, instruments, polls, respondents, surveys
        from .queries.download import what_i_answered, what_i_wrote
        from .rules import surveys as rules
        from .rules.tasks import can_ask

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
        register(
            Instrument(
                form=TaskForm.CALL,
                problems=calls.problems_of,
                figures=calls.figures_of,
                bring=calls.bring_calls,
                page=calls.page_of,
                may_open=lambda user, task: can_ask(user),
                moved=call_rounds.call_moved,
                new=[(_("an open question, answered at length"), "call_new")],
                edit=calls.edit_address,
                again=calls.again_address,
                partials={
                    "card": "tasks/calls/_card.html",
                    "page": "tasks/calls/_page.html",
                    "desk": "tasks/calls/_desk.html",
                },
                cost=calls.cost_of,
                listeners=calls.listeners_of,
                desk=calls.desk_of,
                css="css/calls.css",
            )
        )
        search.register(
            search.SearchKind(
                kind=ENTRIES_KIND,
                label=_("Entries"),
                queryset_for=lambda user: Entry.objects.visible_to(user).given().select_related("call"),
                documents=entries.documents,
            )
        )
        links.register("thread", beside_thread)
        panels.register("thread", panel_beside_thread)
        register_kinds()
        register_download(what_i_answered)
        register_download(what_i_wrote)
        register_group("task", Task.objects.visible_to)
        register_group("entry", Entry.objects.visible_to)
        uploads.register(ENTRIES_KIND, Entry.objects.visible_to, sealed=True)
        uploads.register(instruments.OPTION_PICTURES, instruments.options_seen_by)
        uploads.register(responses.ANSWER_PHOTOS, respondents.photos_seen_by)
