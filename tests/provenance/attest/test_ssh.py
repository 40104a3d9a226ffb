"""SSHSIG: keys that people have already, bound to our namespace."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from provenance.attest.envelope import Signature, is_signed, seal
from provenance.attest.keys import signer, verifier
from provenance.attest.ssh import NAMESPACE
from provenance.errors import UsageError
from worlds import keyring

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_key_of_openssh_signs_and_verifies(tmp_path: Path, kind: str) -> None:
    """Any kind ssh-keygen knows; nobody else's key will do."""
    key, other = keyring.ssh(tmp_path, kind=kind), keyring.ssh(tmp_path, "other")
    sealed = seal(b"payload", signer(str(key)))

    assert is_signed(sealed, verifier(tmp_path / "id.pub"))
    assert not is_signed(sealed, verifier(tmp_path / "other.pub"))
    assert not is_signed(type(sealed)(b"other", sealed.payload_type, sealed.signatures),
                         verifier(tmp_path / "id.pub"))  # fmt: skip
    assert sealed.signatures[0].keyid.startswith("ssh:")
    assert other.exists()


def test_a_signature_for_another_purpose_does_not_count(tmp_path: Path) -> None:
    """One made for git or a file cannot be passed off as one about a measurement."""
    key = keyring.ssh(tmp_path)
    sealed = seal(b"payload", signer(str(key)))

    def signed_for(namespace: str) -> Signature:
        done = subprocess.run(
            ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(key)],
            input=sealed.signed, capture_output=True, check=True,
        )  # fmt: skip
        lines = done.stdout.split(b"\n")
        return Signature("", base64.b64decode(b"".join(lines[1:-2])))

    for namespace, good in (("git", False), ("file", False), (NAMESPACE, True)):
        other = type(sealed)(sealed.payload, sealed.payload_type, (signed_for(namespace),))
        assert is_signed(other, verifier(tmp_path / "id.pub")) is good


def test_a_key_with_a_passphrase_asks_nobody(tmp_path: Path) -> None:
    """It needs an agent; the answer comes at once."""
    with pytest.raises(UsageError) as caught:
        signer(str(keyring.ssh(tmp_path, passphrase="correct horse")))

    assert caught.value.slug == "key-encrypted"
    assert "ssh-add" in caught.value.hint


def test_a_public_key_without_agent_cannot_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no agent holds the private half, ssh-keygen's own words are passed on."""
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    key = keyring.ssh(tmp_path)
    public = tmp_path / "alone.pub"
    public.write_bytes((tmp_path / "id.pub").read_bytes())
    key.unlink()
    with pytest.raises(UsageError) as caught:
        signer(str(public)).sign(b"x")

    assert caught.value.slug == "ssh-sign"


def test_an_agent_can_hold_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The private half need not be a file at all."""
    if shutil.which("ssh-agent") is None:
        pytest.skip("needs ssh-agent")
    key = keyring.ssh(tmp_path)
    socket = tmp_path / "agent"
    agent = subprocess.Popen(
        ["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        for _ in range(100):
            if socket.exists():
                break
            subprocess.run(["sleep", "0.05"], check=True)
        subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
        key.unlink()
        sealed = seal(b"payload", signer(str(tmp_path / "id.pub")))
    finally:
        agent.terminate()
        agent.wait()

    assert is_signed(sealed, verifier(tmp_path / "id.pub"))


def test_without_ssh_keygen_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Absence is a clear error with another way out."""
    key = keyring.ssh(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError) as caught:
        signer(str(key))

    assert caught.value.slug == "ssh-keygen-missing"
    assert "PEM" in caught.value.hint


@pytest.mark.parametrize("line", [b"ssh-ed25519", b"ssh-ed25519 !!!", b"ssh- \n"])
def test_a_damaged_public_key_is_refused(tmp_path: Path, line: bytes) -> None:
    """Before ssh-keygen sees it."""
    (tmp_path / "bad.pub").write_bytes(line)
    with pytest.raises(UsageError) as caught:
        verifier(tmp_path / "bad.pub")

    assert caught.value.slug == "key-kind"


@pytest.mark.parametrize("signature", [b"", b"noise", bytes(64)])
def test_a_signature_of_another_kind_is_not_good(tmp_path: Path, signature: bytes) -> None:
    """An ed25519 signature is no SSHSIG, and the other way round."""
    keyring.ssh(tmp_path)

    assert not verifier(tmp_path / "id.pub").verify(signature, b"data")
    assert not verifier(keyring.public_of(keyring.pem(tmp_path))).verify(signature, b"data")
