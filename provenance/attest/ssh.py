"""SSHSIG: signatures by ``ssh-keygen -Y``, with keys that people have already."""

from __future__ import annotations

import base64
import binascii
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provenance.attest.files import sha256_of
from provenance.errors import UsageError

NAMESPACE: Final = "provenance-statement"
"""What a signature is for: one made for git or for a file does not count."""
_BEGIN: Final = b"-----BEGIN SSH SIGNATURE-----"
_END: Final = b"-----END SSH SIGNATURE-----"
_WHO: Final = "signer"
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class SshSigner:
    """Signs with a key of OpenSSH, in a file or held by an agent."""

    path: Path
    """Private key, or the public one of a key that an agent holds."""
    keyid: str
    """A hint which key it is."""

    @classmethod
    def of(cls, path: Path, public: bytes | None) -> SshSigner:
        """Return a signer; without the public key it is read from the private one."""
        if public is None:
            public = _keygen("-y", "-P", "", "-f", str(path.absolute())).stdout
        return cls(path, _keyid(public))

    def sign(self, data: bytes) -> bytes:
        """Return the signature without its armour.

        Raises:
            UsageError: ssh-keygen is missing, or cannot use the key.

        """
        done = _keygen(
            "-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(self.path.absolute()), text=data
        )
        inner = done.stdout.replace(_BEGIN, b"").replace(_END, b"")
        if done.returncode != 0 or not inner.strip():
            raise UsageError(
                f"ssh-keygen cannot sign with {self.path}: {_last(done.stderr)}",
                slug="ssh-sign",
                hint="a key with a passphrase must be held by ssh-agent: ssh-add KEY, then give"
                " its public key",
            )
        return base64.b64decode(inner)


@dataclass(frozen=True, slots=True)
class SshVerifier:
    """Verifies with a public key of OpenSSH."""

    public: bytes
    """Kind and key of the public key's line."""

    kind = "ssh"

    @classmethod
    def of(cls, line: bytes) -> SshVerifier:
        """Return a verifier for the line of a ``.pub`` file.

        Raises:
            UsageError: it is no such line.

        """
        words = line.split()
        if len(words) < 2 or not _is_base64(words[1]):
            raise UsageError(
                "this is no public key of OpenSSH", slug="key-kind", hint="give the file KEY.pub"
            )
        return cls(b" ".join(words[:2]))

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether ssh-keygen accepts the signature for our namespace."""
        armoured = _BEGIN + b"\n" + base64.encodebytes(signature) + _END + b"\n"
        with tempfile.TemporaryDirectory(prefix="provenance-") as folder:
            allowed, given = Path(folder, "allowed"), Path(folder, "signature")
            allowed.write_bytes(b"%s %s\n" % (_WHO.encode(), self.public))
            given.write_bytes(armoured)
            done = _keygen(
                "-Y", "verify", "-n", NAMESPACE, "-I", _WHO,
                "-f", str(allowed), "-s", str(given), text=data,
            )  # fmt: skip
        return done.returncode == 0


def _is_base64(text: bytes) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _keyid(public: bytes) -> str:
    words = public.split()
    if len(words) < 2 or not _is_base64(words[1]):
        raise UsageError(
            "ssh-keygen cannot read this key",
            slug="key-encrypted",
            hint="a key with a passphrase must be held by ssh-agent: ssh-add KEY, then give its"
            " public key",
        )
    return f"ssh:{sha256_of(base64.b64decode(words[1]))}"


def _keygen(*words: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen without a terminal, so that it never asks anybody."""
    kept = ("PATH", "SSH_AUTH_SOCK", "SSH_SK_PROVIDER")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never", "HOME": tempfile.gettempdir()}
    try:
        return subprocess.run(
            ["ssh-keygen", *words],
            input=text,
            capture_output=True,
            check=False,
            env=environment,
            timeout=_SECONDS,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise UsageError(
            "ssh-keygen was not found",
            slug="ssh-keygen-missing",
            hint="install OpenSSH 8.2 or newer, or use an ed25519 key in PEM form",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UsageError(
            f"ssh-keygen did not end within {_SECONDS} seconds",
            slug="ssh-keygen-slow",
            hint="a security key may be waiting to be touched",
        ) from error


def _last(stderr: bytes) -> str:
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no message"
