"""Addresses of the brand's side."""

from django.urls import path

from .api import moves as moves_api
from .api import offers as offers_api
from .api import releases as releases_api
from .api import tickets as tickets_api
from .api import verifications as verifications_api
from .views import desk, distilled, offers, people, posters, releases, tickets, verifications

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/tickets/", desk.tickets, name="desk_tickets"),
    path("desk/tickets/<int:pk>/", tickets.ticket, name="ticket"),
    path("desk/tickets/<int:pk>/move/<slug:to>/", tickets.move, name="ticket_move"),
    path("desk/tickets/<int:pk>/notes/", tickets.note, name="ticket_note"),
    path("desk/tickets/<int:pk>/freeze/", tickets.freeze, name="ticket_freeze"),
    path("desk/tickets/<int:pk>/evidence/<int:number>/", tickets.evidence, name="ticket_evidence"),
    path("desk/tickets/<int:pk>/report/", distilled.edit, name="ticket_report"),
    path("desk/tickets/<int:pk>/report/<int:version>/sign/", distilled.sign, name="ticket_report_sign"),
    path("desk/promote/", tickets.promotion, name="promote"),
    path("desk/releases/", releases.desk_releases, name="desk_releases"),
    path("desk/releases/new/", releases.new, name="release_new"),
    path("desk/releases/<int:pk>/", releases.desk_release, name="desk_release"),
    path("desk/releases/<int:pk>/edit/", releases.edit, name="release_edit"),
    path("desk/releases/<int:pk>/answer/", releases.answer, name="release_answer"),
    path("desk/releases/<int:pk>/beta/", releases.beta, name="release_beta"),
    path("desk/releases/<int:pk>/publish/", releases.publish, name="release_publish"),
    path("desk/people/", people.people, name="people"),
    path("desk/people/<str:username>/", people.person, name="people_member"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/poster.png", posters.release_poster, name="release_poster"),
    path("offers/<int:pk>/", offers.offer, name="offer"),
    path("offers/<int:pk>/answer/", offers.answer, name="offer_answer"),
    path("offers/<int:pk>/seal/", offers.seal, name="offer_seal"),
    path("offers/<int:pk>/unseal/", offers.unseal, name="offer_unseal"),
    path("reports/<int:pk>/verify/", verifications.verify, name="verify"),
]

api_urlpatterns = [
    path("tickets/", tickets_api.TicketList.as_view(), name="api-tickets"),
    path("tickets/<int:pk>/", tickets_api.TicketDetail.as_view(), name="api-ticket"),
    path("tickets/<int:pk>/transitions/", moves_api.TransitionList.as_view(), name="api-ticket-transitions"),
    path("tickets/<int:pk>/evidence/", tickets_api.EvidenceList.as_view(), name="api-ticket-evidence"),
    path("tickets/<int:pk>/offers/", offers_api.TicketOffers.as_view(), name="api-ticket-offers"),
    path(
        "tickets/<int:pk>/verifications/",
        verifications_api.TicketVerifications.as_view(),
        name="api-ticket-verifications",
    ),
    path("releases/", releases_api.ReleaseList.as_view(), name="api-releases"),
    path("releases/<int:pk>/", releases_api.ReleaseDetail.as_view(), name="api-release"),
    path("releases/<int:pk>/beta/", releases_api.BetaStart.as_view(), name="api-release-beta"),
    path("releases/<int:pk>/publish/", releases_api.Publication.as_view(), name="api-release-publish"),
    path("offers/", offers_api.OfferList.as_view(), name="api-offers"),
    path("offers/<int:pk>/answer/", offers_api.OfferAnswering.as_view(), name="api-offer-answer"),
    path("offers/<int:pk>/sealed/", verifications_api.SealedDetail.as_view(), name="api-offer-sealed"),
    path("offers/<int:pk>/unseal/", verifications_api.Unsealing.as_view(), name="api-offer-unseal"),
]
