"""Keys behind a URI (key stores, hardware, clouds) through the optional securesystemslib."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.attest.files import KEY_LIMIT, read_limited
from provenance.errors import UsageError

if TYPE_CHECKING:
    from securesystemslib.signer._key import Key
    from securesystemslib.signer._signer import Signer as Inner

_INSTALL = "install it with: pip install 'provenance-meter[attest]'"


@dataclass(frozen=True, slots=True)
class UriSigner:
    """Signs with whatever securesystemslib finds behind a URI."""

    inner: Inner
    """The signer."""

    @property
    def keyid(self) -> str:
        """Its own name for the key."""
        return self.inner.public_key.keyid

    def sign(self, data: bytes) -> bytes:
        """Return the signature.

        Raises:
            UsageError: the key store refused.

        """
        try:
            return bytes.fromhex(self.inner.sign(data).signature)
        except Exception as error:  # signers raise what they like, says their documentation
            raise _refused(error) from error


@dataclass(frozen=True, slots=True)
class PemVerifier:
    """Verifies with any public key that securesystemslib knows (ECDSA, RSA)."""

    key: Key
    """The key."""

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.key.keytype

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is good."""
        from securesystemslib.exceptions import (  # noqa: PLC0415 - an optional package
            UnverifiedSignatureError,
            VerificationError,
        )

        name = self.key.keyid  # the library goes by names; ours are hints, so it gets its own
        try:
            self.key.verify_signature(_library().Signature(name, signature.hex()), data)
        except (UnverifiedSignatureError, VerificationError):
            return False
        return True


def signer_at(uri: str, public: Path | None) -> UriSigner:
    """Return the signer behind a URI whose public key is in a PEM file.

    Raises:
        UsageError: the package or the public key is missing, or the key store refused.

    """
    library = _library()
    if public is None:
        raise UsageError(
            "a key behind a URI needs its public key",
            slug="key-public-missing",
            hint="give it in PEM form with: --public FILE",
        )
    try:
        return UriSigner(library.Signer.from_priv_key_uri(uri, _key(library, public)))
    except UsageError:
        raise
    except Exception as error:  # signers raise what they like, says their documentation
        raise _refused(error) from error


def verifier_of(data: bytes, path: Path) -> PemVerifier:
    """Return what verifies with a key that is not ed25519.

    Raises:
        UsageError: the package is missing, or the key is of no known kind.

    """
    return PemVerifier(_from_pem(_library(), data, path))


def _key(library: Any, path: Path) -> Key:
    return _from_pem(library, read_limited(path, KEY_LIMIT, "the key"), path)


def _from_pem(library: Any, data: bytes, path: Path) -> Key:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 40 ms
        load_pem_public_key,
    )

    try:
        found: Key = library.SSlibKey.from_crypto(load_pem_public_key(data))
    except Exception as error:
        raise UsageError(
            f"the key {path} is of no kind that can be used",
            slug="key-kind",
            hint="ed25519, ECDSA and RSA keys in PEM form can",
        ) from error
    return found


def _library() -> Any:
    try:
        from securesystemslib import signer  # noqa: PLC0415 - an optional package
    except ImportError as error:
        raise UsageError(
            "this kind of key needs the package securesystemslib",
            slug="attest-extra-missing",
            hint=_INSTALL,
        ) from error
    return signer


def _refused(error: Exception) -> UsageError:
    return UsageError(
        f"the key store refused: {type(error).__name__}: {str(error)[:300]}",
        slug="key-store",
        hint="check the URI and the rights of this process",
    )
