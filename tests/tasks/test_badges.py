"""Certificates that can be checked: the published vector of the suite, badges that are ours, altered or somebody else's (I18)."""

from __future__ import annotations

import copy
import io
import json
import re
import zlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tasks.actions.endorsements import move_endorsement
from tasks.queries.badges import badge_of, checked, own_keys, signing_key
from tasks.rules.credentials import (
    Altered,
    NotSigned,
    base58,
    canonical,
    did_of,
    from_base58,
    key_of,
    signed,
    signer_of,
)
from tests.people import make_staff
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_reviews import endorsed

# W3C, Data Integrity EdDSA Cryptosuites v1.0, appendix B.3: key pair, document, options, signature.
SEED = bytes.fromhex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6")
DID = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
PROOF = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"


def test_the_published_vector_of_the_suite_is_met():
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    assert did_of(key) == DID
    made = signed(DOCUMENT, key, "2023-02-24T23:36:38Z")
    assert made["proof"]["proofValue"] == PROOF
    assert made["proof"]["verificationMethod"] == f"{DID}#{DID.removeprefix('did:key:')}"
    assert signer_of(made) == DID


def test_the_canonical_form_is_that_of_rfc_8785():
    assert canonical({"\u20ac": 1, "\r": 2, "1": 3, "\U0001f600": 4, "\ufb33": 5}) == (
        '{"\\r":2,"1":3,"\u20ac":1,"\U0001f600":4,"\ufb33":5}'.encode()
    )
    assert canonical([True, None, 'a\u0007/"\\']) == b'[true,null,"a\\u0007/\\"\\\\"]'
    for refused in (1.5, 2**53, [float("nan")]):
        with pytest.raises(NotSigned):
            canonical(refused)


@given(st.binary(max_size=60))
def test_base58_comes_back(data):
    assert from_base58(base58(data)) == data


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8).filter(lambda name: name != "proof"), json_values, max_size=4))
def test_whatever_is_signed_is_found_whole_and_one_more_word_is_found_out(document):
    made = json.loads(json.dumps(signed(document, Ed25519PrivateKey.from_private_bytes(SEED), "2026-11-30T00:00:00Z")))
    assert signer_of(made) == DID
    with pytest.raises(Altered):
        signer_of(made | {"one more": "word"})


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.pop("proof"),
        lambda made: made["proof"].pop("proofValue"),
        lambda made: made["proof"].update(cryptosuite="eddsa-rdfc-2022"),
        lambda made: made["proof"].update(verificationMethod="did:web:example.com"),
        lambda made: made["proof"].update(verificationMethod="did:key:z6Mk0OIl"),
        lambda made: made["proof"].update(verificationMethod=7),
        lambda made: made.update(proof=[]),
        lambda made: made.update(age=1.5),
    ],
)
def test_what_has_no_proof_of_the_suite_is_said_to_have_none(change):
    made = signed(DOCUMENT, Ed25519PrivateKey.from_private_bytes(SEED), "2023-02-24T23:36:38Z")
    change(made)
    with pytest.raises(NotSigned):
        signer_of(made)


def test_a_proof_for_another_context_or_time_is_altered():
    made = signed(DOCUMENT, Ed25519PrivateKey.from_private_bytes(SEED), "2023-02-24T23:36:38Z")
    for name, value in (
        ("created", "2024-01-01T00:00:00Z"),
        ("@context", []),
        ("proofValue", "z" + base58(b"x" * 64)),
        ("proofValue", "z0"),
    ):
        other = copy.deepcopy(made)
        other["proof"][name] = value
        with pytest.raises(Altered):
            signer_of(other)


# --- badges and certificates


def told(badge: Any) -> str:
    return json.dumps(badge, ensure_ascii=False, indent=2)


@pytest.mark.django_db
def test_i18_a_badge_names_event_day_and_place_and_whoever_changes_one_is_found_out():
    lent = endorsed()
    badge = badge_of(lent)
    assert badge == badge_of(lent), "the same every time"
    assert signer_of(badge) == own_keys()[0] == did_of(signing_key())
    assert key_of(own_keys()[0]).public_bytes_raw() == signing_key().public_key().public_bytes_raw()
    assert (
        lent.payload["title"] == badge["name"] and lent.payload["place"] in told(badge) and lent.sha256 in told(badge)
    )
    found = checked(told(badge))
    assert (found.verdict, found.endorsement) == ("good", lent)
    assert checked(told(badge | {"name": "别的活动"})).verdict == "altered"
    foreign = signed(
        {name: part for name, part in badge.items() if name != "proof"},
        Ed25519PrivateKey.from_private_bytes(SEED),
        "2026-01-01T00:00:00Z",
    )
    assert checked(told(foreign)).verdict == "foreign"
    for nothing in ("", "{}", "[]", "nonsense", "1", "[" * 60_000, "x" * 70_000, b"\xff\xfe"):
        assert checked(nothing).verdict == "nothing"


@pytest.mark.django_db
def test_a_key_of_before_is_still_ours(settings):
    lent = endorsed()
    badge, before = badge_of(lent), own_keys()[0]
    settings.ENDORSEMENT_KEY = SEED.hex()
    assert own_keys() == [DID] and checked(told(badge)).verdict == "foreign"
    settings.ENDORSEMENT_KEYS_BEFORE = [before]
    assert checked(told(badge)).verdict == "good"


@pytest.mark.django_db
def test_the_page_says_what_a_badge_is_worth_and_what_holds_now():
    lent = endorsed()
    path, client, badge = "/endorsements/verify/", client_of(), told(badge_of(lent))
    assert client.get(path).status_code == 200
    assert lent.get_absolute_url() in client.post(path, {"text": badge}).content.decode()
    file = io.BytesIO(badge.encode())
    file.name = "badge.json"
    assert lent.get_absolute_url() in client.post(path, {"file": file}).content.decode()
    move_endorsement(by=make_staff("late", role="approver"), endorsement=lent, to="revoked", reason="名字用在了别处")
    assert "warn-ink" in client.post(path, {"text": badge}).content.decode()
    assert 'class="list' not in client.post(path, {"text": "<script>"}).content.decode()
    assert client.get("/endorsements/keys.json").json() == {"keys": own_keys()}


@pytest.mark.django_db
def test_the_certificate_is_a_picture_and_a_pdf_with_the_badge_inside_as_long_as_it_holds():
    lent = endorsed()
    client, here = client_of(), lent.get_absolute_url()
    assert client.get(f"{here}badge.json").json() == badge_of(lent)
    picture = Image.open(io.BytesIO(client.get(f"{here}certificate.png").content))
    assert picture.size == (2376, 1680)
    pdf = client.get(f"{here}certificate.pdf").content
    assert pdf.startswith(b"%PDF-") and len(pdf) < 200_000, "the letters it needs, not the whole font"
    streams = [inflated(part) for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)]
    assert any(badge_of(lent)["proof"]["proofValue"].encode() in part for part in streams)
    move_endorsement(by=make_staff("late", role="approver"), endorsement=lent, to="suspended", reason="等一份说明")
    assert [client.get(f"{here}certificate.{form}").status_code for form in ("png", "pdf")] == [404, 404]
    assert client.get(f"{here}badge.json").status_code == 200
    assert cost(client, "/endorsements/verify/") == 0


def inflated(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return part
