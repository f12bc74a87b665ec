"""Texts that members accept, and their acceptance."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.recording import record

from ..facts import AgreementPublished, ConsentGiven
from ..models import Agreement, Consent, Member
from ..rules import can_publish_agreement, forget_writing


@transaction.atomic
def record_consent(*, by: Member, agreements: Iterable[Agreement]) -> list[Consent]:
    """The member accepted these versions. Saying it twice changes nothing."""
    given = []
    for agreement in agreements:
        consent, new = Consent.objects.get_or_create(member=by, agreement=agreement)
        if new:
            record(ConsentGiven(member_id=by.pk, agreement_id=agreement.pk), by=by)
            given.append(consent)
    forget_writing(by)
    return given


@transaction.atomic
def publish_agreement(*, by: Member, kind: str, body: str, body_en: str) -> Agreement:
    """A new version of a text comes into force; every member is asked at the next visit."""
    require(can_publish_agreement(by), _("Only administrators publish these texts."))
    wrong = {
        field: _("Write the text in both languages.")
        for field, text in (("body", body), ("body_en", body_en))
        if len(text.strip()) < 20
    }
    if kind not in Agreement.Kind.values:
        wrong["kind"] = _("Choose which text this is.")
    if wrong:
        raise Invalid(wrong)
    latest = Agreement.objects.filter(kind=kind).aggregate(Max("version"))["version__max"] or 0
    agreement = Agreement.objects.create(kind=kind, version=latest + 1, body=body.strip(), body_en=body_en.strip())
    record(AgreementPublished(agreement_id=agreement.pk, agreement_kind=kind, version=agreement.version), by=by)
    return agreement
