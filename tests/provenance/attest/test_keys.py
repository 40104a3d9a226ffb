"""Every wrong key is refused in words: permissions, passphrase, kind, size, nothing there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from provenance.attest.envelope import is_signed, seal
from provenance.attest.keys import make_secret, read_secret, signer, verifier
from provenance.errors import UsageError
from worlds import keyring


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o644])
def test_a_private_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    """As ssh does, with the command that cures it."""
    key = keyring.pem(tmp_path)
    key.chmod(mode)
    with pytest.raises(UsageError) as caught:
        signer(str(key))

    assert caught.value.slug == "key-permissions"
    assert f"chmod 600 {key}" in caught.value.hint


def test_a_key_with_a_passphrase_is_refused(tmp_path: Path) -> None:
    """Nobody is asked for a passphrase; an agent or a key store has to hold it."""
    with pytest.raises(UsageError) as caught:
        signer(str(keyring.encrypted(tmp_path)))

    assert caught.value.slug == "key-encrypted"
    assert "agent" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "key-kind"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "key-kind"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "key-kind"),
        (os.urandom(200), "key-kind"),
        (b"x" * (65 << 10), "file-too-large"),
    ],
    ids=["empty", "damaged", "certificate", "noise", "huge"],
)
@pytest.mark.parametrize("half", ["private", "public"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes, slug: str, half: str) -> None:
    """For signing and for verifying alike."""
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(UsageError) as caught:
        signer(str(path)) if half == "private" else verifier(path)

    assert caught.value.slug == slug
    assert caught.value.hint


def test_the_wrong_half_of_a_key_is_named(tmp_path: Path) -> None:
    """Signing with the public one and verifying with the private one are told apart."""
    key = keyring.pem(tmp_path)
    public = keyring.public_of(key)
    public.chmod(0o600)
    with pytest.raises(UsageError, match="is a public key"):
        signer(str(public))
    with pytest.raises(UsageError, match="is a private key"):
        verifier(key)


def test_another_kind_of_private_key_is_refused(tmp_path: Path) -> None:
    """Key files are ed25519; other kinds live in key stores."""
    with pytest.raises(UsageError, match="no ed25519 key"):
        signer(str(keyring.pem(tmp_path, kind="ecdsa")))


@pytest.mark.parametrize("there", ["nothing", "folder", "pipe"])
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, there: str) -> None:
    """A pipe would block for ever."""
    path = tmp_path / "key"
    if there == "folder":
        path.mkdir()
    elif there == "pipe":
        os.mkfifo(path)
    for use in (lambda: signer(str(path)), lambda: verifier(path)):
        with pytest.raises(UsageError) as caught:
            use()
        assert caught.value.slug == "file-missing"


def test_a_uri_without_public_key_says_what_it_lacks(tmp_path: Path) -> None:
    """The library cannot ask a key store for it."""
    pytest.importorskip("securesystemslib")
    with pytest.raises(UsageError) as caught:
        signer("hsm:2")

    assert caught.value.slug == "key-public-missing"


def test_a_key_behind_a_uri_signs_what_a_plain_install_verifies(tmp_path: Path) -> None:
    """The envelope does not depend on the library that signed it."""
    pytest.importorskip("securesystemslib")
    key = keyring.pem(tmp_path)
    sealed = seal(b"payload", signer(f"file2:{key}", public=keyring.public_of(key)))

    assert is_signed(sealed, verifier(keyring.public_of(key)))
    assert sealed.signatures[0].keyid


def test_other_kinds_of_key_stores_can_be_verified(tmp_path: Path) -> None:
    """Cloud key stores sign with ECDSA."""
    pytest.importorskip("securesystemslib")
    key, other = (keyring.pem(tmp_path, name, kind="ecdsa") for name in ("kms", "other"))
    sealed = seal(b"payload", signer(f"file2:{key}", public=keyring.public_of(key)))

    assert is_signed(sealed, verifier(keyring.public_of(key)))
    assert not is_signed(sealed, verifier(keyring.public_of(other)))


@pytest.mark.parametrize("uri", ["nowhere:1", "file2:/does/not/exist", "hsm:"])
def test_a_key_store_that_refuses_is_a_usage_error(tmp_path: Path, uri: str) -> None:
    """Whatever the library raises comes out as one error with a hint."""
    pytest.importorskip("securesystemslib")
    key = keyring.pem(tmp_path)
    with pytest.raises(UsageError) as caught:
        signer(uri, public=keyring.public_of(key)).sign(b"x")

    assert caught.value.slug == "key-store"


@pytest.mark.parametrize("half", ["private", "public"])
def test_a_plain_install_says_which_package_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    """Key stores and keys that are not ed25519 need the extra."""
    monkeypatch.setitem(sys.modules, "securesystemslib", None)
    key = keyring.pem(tmp_path, kind="ecdsa")
    with pytest.raises(UsageError) as caught:
        signer("hsm:2") if half == "private" else verifier(keyring.public_of(key))

    assert caught.value.slug == "attest-extra-missing"
    assert "provenance-meter[attest]" in caught.value.hint


def test_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    """What salts come from is random, private, and never replaced."""
    place = tmp_path / "secret"
    made = make_secret(place)

    assert read_secret(place) == made
    assert len(made) == 32
    assert place.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError):
        make_secret(place)
    assert read_secret(place) == made


@pytest.mark.parametrize(("content", "mode"), [(b"short", 0o600), (b"x" * 32, 0o644)])
def test_a_weak_or_public_secret_is_refused(tmp_path: Path, content: bytes, mode: int) -> None:
    """A guessable salt hides nothing."""
    place = tmp_path / "secret"
    place.write_bytes(content)
    place.chmod(mode)
    with pytest.raises(UsageError) as caught:
        read_secret(place)

    assert caught.value.slug in {"secret-short", "key-permissions"}
