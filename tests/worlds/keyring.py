"""Keys made for one test: PEM files, keys of OpenSSH, and what makes each of them wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

FIXED = bytes(range(32))
"""The private key of a test that must give equal bytes twice."""


def pem(folder: Path, name: str = "lab", *, fixed: bool = False, kind: str = "ed25519") -> Path:
    """Write ``NAME.pem`` (0600) and ``NAME.pub.pem``; return the private one."""
    if kind == "ecdsa":
        key = generate_private_key(SECP256R1())
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key()
    else:
        edwards = Ed25519PrivateKey.from_private_bytes(FIXED) if fixed else _new()
        private = edwards.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = edwards.public_key()  # type: ignore[assignment]
    path = folder / f"{name}.pem"
    _write(path, private)
    written = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{name}.pub.pem").write_bytes(written)
    return path


def public_of(private: Path) -> Path:
    """Return where the public half of a key lies."""
    return private.with_name(f"{private.stem}.pub.pem")


def encrypted(folder: Path) -> Path:
    """Write a PEM key that needs a passphrase."""
    path = folder / "encrypted.pem"
    data = _new().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"passphrase")
    )
    _write(path, data)
    return path


def ssh(folder: Path, name: str = "id", *, passphrase: str = "", kind: str = "ed25519") -> Path:
    """Write a key of OpenSSH and its ``.pub``; return the private one."""
    path = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "", "-f", str(path)],
        check=True,
        capture_output=True,
    )
    return path


def _new() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)
