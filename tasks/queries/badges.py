"""An endorsement as a signed badge that anybody checks offline (1EdTech Open Badges 3.0), and what a badge that somebody brings is worth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.urls import reverse

from ..enums import AskKind
from ..models import Endorsement
from ..rules.credentials import Altered, NotSigned, did_of, signed, signer_of

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
MOST_BYTES = 64 * 1024


def signing_key() -> Ed25519PrivateKey:
    """The key of this site. ValueError where ENDORSEMENT_KEY is no seed of 32 bytes."""
    if settings.ENDORSEMENT_KEY:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.ENDORSEMENT_KEY))
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"kocforum endorsements").derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def own_keys() -> list[str]:
    """The did:key of this site, and those of earlier keys."""
    return [did_of(signing_key()), *settings.ENDORSEMENT_KEYS_BEFORE]


def badge_of(endorsement: Endorsement) -> dict[str, Any]:
    """What was certified, signed. The same endorsement is the same badge, byte by byte, as long as the key is."""
    site, payload = settings.SITE_URL.rstrip("/"), endorsement.payload
    page = site + endorsement.get_absolute_url()
    document = {
        "@context": CONTEXT,
        "id": site + reverse("endorsement_badge", args=[endorsement.code]),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": payload["title"],
        "issuer": {"id": did_of(signing_key()), "type": ["Profile"], "name": settings.SITE_NAME, "url": site},
        "validFrom": _time(endorsement.granted_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "name",
                    "hashed": False,
                    "identityHash": payload["organiser"],
                }
            ],
            "achievement": {
                "id": page,
                "type": ["Achievement"],
                "achievementType": "Award",
                "name": payload["title"],
                "description": _described(payload),
                "criteria": {"narrative": payload["conditions"] or "—"},
            },
        },
        "evidence": [
            {"id": page, "type": ["Evidence"], "name": endorsement.code, "narrative": f"SHA-256 {endorsement.sha256}"}
        ],
    }
    if endorsement.expires_at:
        document["validUntil"] = _time(endorsement.expires_at)
    return signed(document, signing_key(), _time(endorsement.granted_at))


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _described(payload: dict[str, Any]) -> str:
    days = " – ".join(dict.fromkeys(str(payload[name]) for name in ("begins_on", "ends_on") if payload[name]))
    lends = ", ".join(AskKind(kind).name.lower() for kind in payload["lends"])
    return " · ".join(part for part in (payload["organiser"], days, payload["place"], lends) if part)


@dataclass(frozen=True)
class Checked:
    """What a badge is worth. `verdict`: good, foreign (signed by somebody else), altered, or nothing (no badge at all)."""

    verdict: str
    endorsement: Endorsement | None = None
    name: str = ""


def checked(text: bytes | str) -> Checked:
    """Look at a badge that somebody brings; one query where it is ours."""
    try:
        document = json.loads(text) if len(text) <= MOST_BYTES else None
        signer = signer_of(document)
    except Altered:
        return Checked("altered")
    except (NotSigned, ValueError, RecursionError):
        return Checked("nothing")
    name = str(document.get("name", ""))[:120]
    if signer not in own_keys():
        return Checked("foreign", name=name)
    hit = str(document.get("id", "")).rstrip("/").split("/")
    found = Endorsement.objects.select_related("initiative").filter(code=hit[-2] if len(hit) > 1 else "").first()
    return Checked("good", endorsement=found, name=name)
