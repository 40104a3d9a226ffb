"""DSSE: a payload, what it is, and signatures over both (never over JSON as it looks)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Final, Protocol

from provenance.attest.canonical import decode
from provenance.errors import AttestationError

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
"""What the payload is: an in-toto statement."""
LIMIT: Final = 64 << 20
"""Bytes of a statement file, at most."""
_MOST_SIGNATURES: Final = 16


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature."""

    keyid: str
    """A hint which key made it; never believed."""
    value: bytes
    """The signature itself."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed payload, not yet verified."""

    payload: bytes
    """The exact bytes that were signed."""
    payload_type: str
    """What they are said to be."""
    signatures: tuple[Signature, ...]
    """Signatures over both."""

    @property
    def signed(self) -> bytes:
        """The bytes a signature covers (pre-authentication encoding)."""
        kind = self.payload_type.encode("utf-8")
        return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(self.payload), self.payload)

    def write(self) -> str:
        """Return the envelope as JSON."""
        return (
            json.dumps(
                {
                    "payloadType": self.payload_type,
                    "payload": base64.b64encode(self.payload).decode("ascii"),
                    "signatures": [
                        {"keyid": one.keyid, "sig": base64.b64encode(one.value).decode("ascii")}
                        for one in self.signatures
                    ],
                }
            )
            + "\n"
        )


class Signer(Protocol):
    """Whatever can sign bytes."""

    @property
    def keyid(self) -> str:
        """A hint for whoever looks for the public key."""

    def sign(self, data: bytes) -> bytes:
        """Return a signature.

        Raises:
            AttestationError: the key cannot be used.

        """


class Verifier(Protocol):
    """Whatever can check signatures with one public key."""

    @property
    def kind(self) -> str:
        """The kind of key, in a word."""

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is this key's over just these bytes."""


def seal(payload: bytes, signer: Signer) -> Envelope:
    """Sign a payload."""
    bare = Envelope(payload, PAYLOAD_TYPE, ())
    return Envelope(payload, PAYLOAD_TYPE, (Signature(signer.keyid, signer.sign(bare.signed)),))


def read(data: bytes) -> Envelope:
    """Read an envelope; its payload stays unread until a signature is good.

    Raises:
        AttestationError: it is not one.

    """
    raw = decode(data, "the statement")
    kind, payload, listed = raw.get("payloadType"), raw.get("payload"), raw.get("signatures")
    if not isinstance(kind, str) or not isinstance(payload, str) or not isinstance(listed, list):
        raise _malformed("it lacks payload, payloadType or signatures")
    if not 1 <= len(listed) <= _MOST_SIGNATURES:
        raise _malformed(f"it does not have 1 to {_MOST_SIGNATURES} signatures")
    return Envelope(_bytes(payload), kind, tuple(map(_signature, listed)))


def is_signed(envelope: Envelope, key: Verifier) -> bool:
    """Whether the key made one of the signatures; names of keys are not believed."""
    return any(key.verify(one.value, envelope.signed) for one in envelope.signatures)


def _signature(raw: Any) -> Signature:
    if not isinstance(raw, dict) or not isinstance(raw.get("sig"), str):
        raise _malformed("a signature is not an object with sig")
    keyid = raw.get("keyid", "")
    return Signature(keyid if isinstance(keyid, str) else "", _bytes(raw["sig"]))


def _bytes(text: str) -> bytes:
    """Read base64, of both alphabets as DSSE asks."""
    try:
        plain = text.replace("-", "+").replace("_", "/")
        return base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed("it holds what is no base64") from error


def _malformed(what: str) -> AttestationError:
    return AttestationError(
        f"this is no signed statement: {what}",
        slug="envelope-malformed",
        hint="give the file that provenance attest has written",
    )
