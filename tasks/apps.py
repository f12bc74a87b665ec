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

        from .actions import call_rounds, responses, rooms, survey_moves
        from .enums import TaskForm
        from .instruments import Instrument, register
        from .kinds import register_kinds
        from .links import beside_thread, panel_beside_thread
        from .models import (
            Entry,
            Envelope,
            Event,
            Expense,
            InitiativeReport,
            Memory,
            PromotionSlot,
            RoomEvent,
            Task,
            Workshop,
        )
        from .models.entries import ENTRIES_KIND
        from .models.events import EVENT_PICTURES, EVENT_WAY, EVENTS_KIND
        from .models.expenses import RECEIPTS
        from .models.initiative_reports import REPORT_PICTURES
        from .models.memories import MEMORY_PICTURES
        from .models.money import ACCOUNT_PHOTOS
        from .models.promotion import PROOFS
        from .models.rooms import ROOM_PICTURES
        from .queries import (
            calls,
            download,
            entries,
            event_documents,
            instruments,
            polls,
            respondents,
            room_results,
            surveys,
            workshops,
        )
        from .rules import surveys as rules
        from .rules.money import spends_anywhere
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
        register(
            Instrument(
                form=TaskForm.WORKSHOP,
                problems=workshops.problems_of,
                figures=workshops.figures_of,
                bring=workshops.bring_workshops,
                page=workshops.page_of,
                may_open=lambda user, task: can_ask(user),
                moved=rooms.workshop_moved,
                new=[(_("one room, a few people, at once"), "workshop_new")],
                edit=workshops.edit_address,
                again=workshops.again_address,
                partials={
                    "card": "tasks/workshops/_card.html",
                    "page": "tasks/workshops/_page.html",
                    "desk": "tasks/workshops/_desk.html",
                },
                cost=workshops.cost_of,
                against_report=room_results.against_report,
                desk=workshops.desk_of,
                css="css/room.css",
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
        search.register(
            search.SearchKind(
                kind=EVENTS_KIND,
                label=_("Events"),
                queryset_for=Event.objects.visible_to,
                documents=event_documents.documents,
            )
        )
        links.register("thread", beside_thread)
        panels.register("thread", panel_beside_thread)
        register_kinds()
        register_download(download.what_i_answered)
        register_download(download.what_i_wrote)
        register_download(download.what_i_did_in_rooms)
        register_download(download.what_i_did_with_owners)
        register_download(download.what_i_handed_in)
        register_group("task", Task.objects.visible_to)
        register_group("entry", Entry.objects.visible_to)
        register_group("event", Event.objects.visible_to)
        register_group("gate", Event.objects.kept_by)
        register_group("room", Workshop.objects.entered_by)
        uploads.register(ENTRIES_KIND, Entry.objects.visible_to, sealed=True)
        uploads.register(EVENT_PICTURES, Event.objects.visible_to)
        uploads.register(EVENT_WAY, Event.objects.visible_to)
        uploads.register(MEMORY_PICTURES, Memory.objects.visible_to)
        uploads.register(REPORT_PICTURES, InitiativeReport.objects.visible_to)
        uploads.register(RECEIPTS, Expense.objects.visible_to, sealed=True, papers=spends_anywhere)
        uploads.register(ACCOUNT_PHOTOS, Envelope.objects.visible_to, sealed=True)
        uploads.register(PROOFS, PromotionSlot.objects.visible_to)
        uploads.register(ROOM_PICTURES, RoomEvent.objects.shown_to, sealed=True)
        uploads.register(instruments.OPTION_PICTURES, instruments.options_seen_by)
        uploads.register(responses.ANSWER_PHOTOS, respondents.photos_seen_by)
