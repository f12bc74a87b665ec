"""The addresses of events in JSON, a part of `tasks.urls`."""

from django.urls import path

from . import events, incidents, initiative_reports, memories, rsvps, scans

event_paths = [
    path("events/", events.EventList.as_view(), name="api-events"),
    path("events/<int:pk>/", events.EventDetail.as_view(), name="api-event"),
    path("events/<int:pk>/open/", events.EventMove.as_view(), name="api-event-open"),
    path("events/<int:pk>/close/", events.EventMove.as_view(to="closed"), name="api-event-close"),
    path("events/<int:pk>/postpone/", events.EventMove.as_view(to="postponed"), name="api-event-postpone"),
    path("events/<int:pk>/cancel/", events.EventMove.as_view(to="cancelled"), name="api-event-cancel"),
    path("events/<int:pk>/rsvp/", rsvps.OwnPlace.as_view(), name="api-rsvp"),
    path("events/<int:pk>/rsvps/", rsvps.Places.as_view(), name="api-rsvps"),
    path("events/<int:pk>/waiver/", rsvps.AcceptWaiver.as_view(), name="api-waiver"),
    path("events/<int:pk>/incidents/", incidents.Incidents.as_view(), name="api-incidents"),
    path(
        "events/<int:pk>/incidents/<int:incident>/additions/",
        incidents.Additions.as_view(),
        name="api-incident-additions",
    ),
    path("events/<int:pk>/check-ins/", scans.CheckIns.as_view(), name="api-check-ins"),
    path("events/<int:pk>/feedback/", initiative_reports.FeedbackOf.as_view(), name="api-event-feedback"),
    path("events/<int:pk>/memories/", memories.Memories.as_view(), name="api-memories"),
    path("events/<int:pk>/memories/<int:memory>/", memories.OneMemory.as_view(), name="api-memory"),
    path("events/<int:pk>/memories/<int:memory>/ask/", memories.AskMemoryDown.as_view(), name="api-memory-ask"),
    path("events/<int:pk>/memories/<int:memory>/hide/", memories.LookAfterMemory.as_view(), name="api-memory-hide"),
    path(
        "events/<int:pk>/memories/<int:memory>/keep/",
        memories.LookAfterMemory.as_view(hides=False),
        name="api-memory-keep",
    ),
    path("events/<int:pk>/memories/<int:memory>/show/", memories.ShowMemory.as_view(), name="api-memory-show"),
    path("events/<int:pk>/roster/", scans.Roster.as_view(), name="api-roster"),
]
