"""DSSE: a signature covers the payload and its type, and nothing else is believed."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attest import envelope
from provenance.attest.envelope import PAYLOAD_TYPE, Envelope, Signature, is_signed
from provenance.attest.keys import signer, verifier
from provenance.errors import AttestationError
from worlds import keyring

PAYLOAD = b'{"_type":"https://in-toto.io/Statement/v1"}'


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Return a private key; its public half lies beside it."""
    return keyring.pem(tmp_path)


def _sealed(key: Path) -> Envelope:
    return envelope.seal(PAYLOAD, signer(str(key)))


def test_what_is_signed_is_the_encoding_of_the_standard() -> None:
    """The example of the DSSE protocol text."""
    signed = Envelope(b"hello world", "http://example.com/HelloWorld", ()).signed

    assert signed == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_an_envelope_is_read_again_and_its_signature_is_good(key: Path) -> None:
    """The file holds payload, type and signature as the standard names them."""
    sealed = _sealed(key)
    read = envelope.read(sealed.write().encode())

    assert read == sealed
    assert read.payload_type == PAYLOAD_TYPE
    assert is_signed(read, verifier(keyring.public_of(key)))
    assert set(json.loads(sealed.write())) == {"payload", "payloadType", "signatures"}


@pytest.mark.parametrize(
    "change",
    [
        lambda e: Envelope(e.payload + b" ", e.payload_type, e.signatures),
        lambda e: Envelope(e.payload, "application/json", e.signatures),
        lambda e: Envelope(e.payload, e.payload_type, (Signature("", bytes(64)),)),
        lambda e: Envelope(e.payload, e.payload_type, (Signature("", b""),)),
        lambda e: Envelope(
            e.payload, e.payload_type, (Signature("", e.signatures[0].value + b"\0"),)
        ),
    ],
    ids=["payload", "type", "signature", "no signature", "longer signature"],
)
def test_a_changed_envelope_is_not_signed(key: Path, change: Any) -> None:
    """Payload, type and signature each break it."""
    assert not is_signed(change(_sealed(key)), verifier(keyring.public_of(key)))


def test_another_key_did_not_sign_it_whatever_keyid_says(key: Path, tmp_path: Path) -> None:
    """A key id is a hint: borrowing one helps nobody, and lacking one hurts nobody."""
    other = keyring.pem(tmp_path, "other")
    forged = envelope.seal(PAYLOAD, signer(str(other)))
    borrowed = Envelope(
        PAYLOAD,
        PAYLOAD_TYPE,
        (Signature(_sealed(key).signatures[0].keyid, forged.signatures[0].value),),
    )
    nameless = Envelope(PAYLOAD, PAYLOAD_TYPE, (Signature("", _sealed(key).signatures[0].value),))

    assert not is_signed(borrowed, verifier(keyring.public_of(key)))
    assert is_signed(nameless, verifier(keyring.public_of(key)))


def test_one_good_signature_among_several_is_enough(key: Path, tmp_path: Path) -> None:
    """A statement may be signed by several; the reader asks about one key."""
    other = keyring.pem(tmp_path, "other")
    both = Envelope(
        PAYLOAD,
        PAYLOAD_TYPE,
        (
            envelope.seal(PAYLOAD, signer(str(other))).signatures[0],
            _sealed(key).signatures[0],
        ),
    )

    assert is_signed(both, verifier(keyring.public_of(key)))


def test_the_library_of_others_reads_and_writes_the_same(key: Path) -> None:
    """Securesystemslib verifies what we signed, and we verify what it signed."""
    library = pytest.importorskip("securesystemslib.dsse")
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import CryptoSigner, SSlibKey

    ours = _sealed(key)
    public = load_pem_public_key(keyring.public_of(key).read_bytes())
    known = SSlibKey.from_crypto(public, keyid=ours.signatures[0].keyid)
    theirs = library.Envelope(PAYLOAD, PAYLOAD_TYPE, {})
    theirs.sign(CryptoSigner.from_priv_key_uri(f"file2:{key}", known))

    library.Envelope.from_dict(json.loads(ours.write())).verify([known], 1)
    assert envelope.read(json.dumps(theirs.to_dict()).encode()) == ours


def test_both_alphabets_of_base64_are_read() -> None:
    """DSSE allows the URL-safe one too."""
    payload = bytes(range(256))
    text = json.dumps(
        {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.urlsafe_b64encode(payload).decode(),
            "signatures": [{"sig": base64.urlsafe_b64encode(b"\xff\xfe").decode()}],
        }
    )

    assert envelope.read(text.encode()).payload == payload


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"payloadType": "x", "payload": "", "signatures": []},
        {"payloadType": "x", "payload": "", "signatures": [{}]},
        {"payloadType": "x", "payload": "", "signatures": [{"sig": "!"}]},
        {"payloadType": "x", "payload": "a", "signatures": [{"sig": ""}]},
        {"payloadType": 1, "payload": "", "signatures": [{"sig": ""}]},
        {"payloadType": "x", "payload": "", "signatures": [{"sig": ""}] * 17},
        {"payloadType": "x", "payload": "", "signatures": {"sig": ""}},
    ],
)
def test_what_is_no_envelope_is_refused(value: object) -> None:
    """Missing, surplus and wrong parts are one clear error."""
    with pytest.raises(AttestationError) as caught:
        envelope.read(json.dumps(value).encode())

    assert caught.value.slug == "envelope-malformed"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_foreign_bytes_never_raise_anything_else(data: bytes) -> None:
    """Whatever is given as a statement is read or refused."""
    with suppress(AttestationError):
        envelope.read(data)
