"""RFC 3161 time stamps: a third party saw the statement at a time (optional package)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from provenance.attest.envelope import LIMIT
from provenance.attest.files import KEY_LIMIT, read_limited
from provenance.attest.verify import Fact, judged
from provenance.errors import UsageError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_CERTIFICATES: Final = 1 << 20
_UNREADABLE: Final = (
    "the time stamp is no strict DER; some authorities put several certificates in the wrong"
    " order: ask for an answer without certificates"
)


def check_stamp(statement: Path, token: Path, roots: Path | None) -> Fact:
    """Whether an authority with one of these root certificates stamped the statement file.

    Raises:
        UsageError: a file cannot be read, or the package is missing.

    """
    library = _library()
    if roots is None:
        raise UsageError(
            "a time stamp needs the certificates of its authority",
            slug="stamp-roots",
            hint="give them in PEM form with: --tsa FILE",
        )
    data = read_limited(statement, LIMIT, "the statement")
    answer = read_limited(token, KEY_LIMIT, "the time stamp")
    known = _certificates(read_limited(roots, _CERTIFICATES, "the certificates"), roots)
    try:
        stamp = library.decode_timestamp_response(answer)
    except ValueError as error:
        return judged("timestamp", (), (f"{_UNREADABLE} ({str(error)[:200]})",))
    verifier = _verifier(library, known, alone=not stamp.signed_data.certificates, place=roots)
    try:
        verifier.verify_message(stamp, data)
    except (ValueError, library.VerificationError) as error:
        return judged("timestamp", (), (f"the time stamp is not good: {str(error)[:200]}",))
    when = stamp.tst_info.gen_time
    return judged("timestamp", (f"stamped at {when:%Y-%m-%dT%H:%M:%SZ}",), ())


def _certificates(data: bytes, path: Path) -> Sequence[Certificate]:
    from cryptography import x509  # noqa: PLC0415 - 60 ms

    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise UsageError(
            f"{path} holds no certificates in PEM form",
            slug="stamp-roots",
            hint="give the certificates of the time-stamp authority",
        ) from error


def _verifier(
    library: Any, certificates: Sequence[Certificate], *, alone: bool, place: Path
) -> Any:
    """Return a verifier; self-signed certificates are roots, others lead to them.

    Where the answer came ``alone``, the certificate that stamps is among the given ones.
    """
    builder = library.VerifierBuilder()
    for certificate in certificates:
        if certificate.issuer == certificate.subject:
            builder = builder.add_root_certificate(certificate)
        elif alone and _stamps(certificate):
            builder = builder.tsa_certificate(certificate)
        else:
            builder = builder.add_intermediate_certificate(certificate)
    try:
        return builder.build()
    except ValueError as error:
        raise UsageError(
            f"{place} holds no root certificate",
            slug="stamp-roots",
            hint="add the self-signed certificate of the time-stamp authority",
        ) from error


def _stamps(certificate: Certificate) -> bool:
    from cryptography import x509  # noqa: PLC0415 - 60 ms
    from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415 - 60 ms

    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in usage.value


def _library() -> Any:
    try:
        import rfc3161_client  # noqa: PLC0415 - an optional package
    except ImportError as error:
        raise UsageError(
            "time stamps need the package rfc3161-client",
            slug="attest-extra-missing",
            hint="install it with: pip install 'provenance-meter[attest]'",
        ) from error
    return rfc3161_client
