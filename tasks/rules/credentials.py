"""Documents that anybody can check without asking us: Data Integrity proofs of the suite eddsa-jcs-2022.

W3C, Data Integrity EdDSA Cryptosuites v1.0 (Recommendation of 2025-05-15), section 3.3: the document and the options of the proof are each
brought into the form of RFC 8785, hashed by SHA-256, joined with the options first, and signed by Ed25519 (RFC 8032). The public key
travels in the proof as `did:key`, multibase base58-btc over the multicodec prefix ed01.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SUITE = "eddsa-jcs-2022"
ED25519 = b"\xed\x01"
LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class NotSigned(ValueError):
    """There is no proof of this suite in it."""


class Altered(ValueError):
    """The signature does not fit what stands there."""


def canonical(value: Any) -> bytes:
    """The bytes of RFC 8785 for objects, lists, strings, whole numbers within 53 bits, true, false and null; others are refused."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53):
        raise NotSigned("numbers with fractions, and very large ones, are not signed here")
    return value


def base58(data: bytes) -> str:
    """Base58 with the letters of Bitcoin; every leading zero byte is a 1."""
    number, out = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        out = LETTERS[rest] + out
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + out


def from_base58(text: str) -> bytes:
    """The bytes of a base58 text. ValueError for other letters."""
    number = 0
    for letter in text:
        number = number * 58 + LETTERS.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def did_of(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """`did:key:z6Mk…` of a key."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return f"did:key:z{base58(ED25519 + public.public_bytes_raw())}"


def key_of(did: str) -> Ed25519PublicKey:
    """The public key that a `did:key` names. NotSigned for anything else."""
    try:
        data = from_base58(did.removeprefix("did:key:z"))
        if not did.startswith("did:key:z") or not data.startswith(ED25519):
            raise ValueError(did)
        return Ed25519PublicKey.from_public_bytes(data.removeprefix(ED25519))
    except ValueError as error:
        raise NotSigned("not an Ed25519 key") from error


def signed(document: Mapping[str, Any], key: Ed25519PrivateKey, created: str) -> dict[str, Any]:
    """The document with a proof by this key; `created` is a time of XML Schema, as `2026-11-30T08:00:00Z`."""
    did = did_of(key)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": f"{did}#{did.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = key.sign(_hashes(document, options))
    return {**document, "proof": {**options, "proofValue": f"z{base58(signature)}"}}


def signer_of(document: Any) -> str:
    """The did:key whose signature fits the document. NotSigned, or Altered."""
    proof = document.get("proof") if isinstance(document, dict) else None
    if not isinstance(proof, dict) or proof.get("cryptosuite") != SUITE or proof.get("type") != "DataIntegrityProof":
        raise NotSigned("no proof of this suite")
    value, method = proof.get("proofValue"), proof.get("verificationMethod")
    if (
        not isinstance(value, str)
        or not value.startswith("z")
        or len(value) > 100
        or not isinstance(method, str)
        or len(method) > 300
    ):
        raise NotSigned("the proof is not whole")
    did = method.partition("#")[0]
    public = key_of(did)
    rest = {name: part for name, part in document.items() if name != "proof"}
    options = {name: part for name, part in proof.items() if name != "proofValue"}
    if options.get("@context", rest.get("@context")) != rest.get("@context"):
        raise Altered("the proof is for another context")
    try:
        public.verify(from_base58(value[1:]), _hashes(rest, options))
    except (InvalidSignature, ValueError) as error:
        if isinstance(error, NotSigned):
            raise
        raise Altered("the signature does not fit") from error
    return did


def _hashes(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(options)).digest() + hashlib.sha256(canonical(document)).digest()
