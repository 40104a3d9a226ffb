"""Keys in files: what kind a file holds, and how to sign or verify with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from provenance.attest.envelope import Signer, Verifier
from provenance.attest.files import KEY_LIMIT, read_limited, read_private, sha256_of
from provenance.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

SSH_PUBLIC: Final = (b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-")
"""How a public key of OpenSSH begins."""
SECRET_BYTES: Final = 32
"""Bytes of a new secret, and the fewest a secret may have."""
_MAKE: Final = "make one with: openssl genpkey -algorithm ed25519 -out lab.pem && chmod 600 lab.pem"
_SSH_PRIVATE: Final = b"-----BEGIN OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs with an ed25519 key from a file."""

    key: Ed25519PrivateKey
    """The key."""

    @property
    def keyid(self) -> str:
        """SHA-256 of the public key."""
        return Ed25519Verifier(self.key.public_key()).keyid

    def sign(self, data: bytes) -> bytes:
        """Return 64 bytes."""
        return self.key.sign(data)


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Verifies with an ed25519 public key."""

    key: Ed25519PublicKey
    """The key."""

    kind = "ed25519"

    @property
    def keyid(self) -> str:
        """SHA-256 of the public key (SubjectPublicKeyInfo)."""
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 40 ms
            Encoding,
            PublicFormat,
        )

        return sha256_of(self.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is good."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 40 ms

        try:
            self.key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


def signer(key: str, *, public: Path | None = None) -> Signer:
    """Return what signs with a key: a PEM file, a key of OpenSSH, or a URI such as ``hsm:2``.

    Raises:
        UsageError: the key cannot be used; the hint says what would do.

    """
    path = Path(key)
    if ":" in key and not path.exists():
        from provenance.attest.uri import signer_at  # noqa: PLC0415 - an optional package

        return signer_at(key, public)
    beginning = read_limited(path, KEY_LIMIT, "the key")
    if beginning.startswith(SSH_PUBLIC):  # its private half is held by an agent
        from provenance.attest.ssh import SshSigner  # noqa: PLC0415 - starts processes

        return SshSigner.of(path, beginning)
    data = read_private(path, KEY_LIMIT, "the key")
    if data.lstrip().startswith(_SSH_PRIVATE):
        from provenance.attest.ssh import SshSigner  # noqa: PLC0415 - starts processes

        return SshSigner.of(path, None)
    return Ed25519Signer(_private(data, path))


def _private(data: bytes, path: Path) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - 40 ms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - 40 ms
        Ed25519PrivateKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 40 ms
        load_pem_private_key,
    )

    if b"PUBLIC KEY" in data and b"PRIVATE KEY" not in data:
        raise _unusable(
            path, "is a public key", "give the private key to attest, this one to verify"
        )
    try:
        key = load_pem_private_key(data, password=None)
    except TypeError as error:
        raise UsageError(
            f"the key {path} is encrypted",
            slug="key-encrypted",
            hint="use an agent or a key store: give the public key of an ssh-agent, or a URI",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable(path, "is no private key in PEM form", _MAKE) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(path, "is no ed25519 key", _MAKE)
    return key


def verifier(path: Path) -> Verifier:
    """Return what verifies with a public key: PEM, or one of OpenSSH.

    Raises:
        UsageError: the key cannot be used; the hint says what would do.

    """
    data = read_limited(path, KEY_LIMIT, "the key")
    if data.startswith(SSH_PUBLIC):
        from provenance.attest.ssh import SshVerifier  # noqa: PLC0415 - starts processes

        return SshVerifier.of(data.split(b"\n")[0])
    if b"PRIVATE KEY" in data:
        raise _unusable(
            path,
            "is a private key",
            "verify with the public one: openssl pkey -in lab.pem -pubout -out lab.pub.pem",
        )
    return _public(data, path)


def _public(data: bytes, path: Path) -> Verifier:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - 40 ms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - 40 ms
        Ed25519PublicKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 40 ms
        load_pem_public_key,
    )

    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable(
            path, "is no public key in PEM or OpenSSH form", "give the signer's public key"
        ) from error
    if isinstance(key, Ed25519PublicKey):
        return Ed25519Verifier(key)
    from provenance.attest.uri import verifier_of  # noqa: PLC0415 - an optional package

    return verifier_of(data, path)


def _unusable(path: Path, what: str, hint: str) -> UsageError:
    return UsageError(f"the key {path} {what}", slug="key-kind", hint=hint)


def read_secret(path: Path) -> bytes:
    """Return the secret that salts are made from.

    Raises:
        UsageError: it cannot be read, is too short, or others may read it.

    """
    data = read_private(path, KEY_LIMIT, "the secret")
    if len(data) < SECRET_BYTES:
        raise UsageError(
            f"the secret {path} has fewer than {SECRET_BYTES} bytes",
            slug="secret-short",
            hint=f"name a file that does not exist, and {SECRET_BYTES} random bytes are put there",
        )
    return data


def make_secret(path: Path, *, random: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """Put a new secret into a file that does not exist yet, for its owner only.

    Raises:
        UsageError: it cannot be written.

    """
    data = random(SECRET_BYTES)
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(
            f"cannot write the secret {path}: {error.strerror}",
            slug="secret-unwritable",
            hint="choose another place with: --secret FILE",
        ) from error
    return data
