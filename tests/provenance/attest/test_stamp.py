"""RFC 3161: an authority saw these bytes; tested against an authority of our own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.attest.stamp import check_stamp
from provenance.attest.verify import State
from provenance.errors import UsageError

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")

_CONFIG = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Stamps
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/stamper.crt
signer_key = {folder}/stamper.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a time-stamp authority."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "conf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "conf")
    for name in ("root", "stranger"):
        _openssl(folder, "req", "-x509", *new, "-keyout", f"{name}.key", "-out", f"{name}.crt",
                 "-extensions", "root", "-days", "3650", "-subj", f"/CN={name}")  # fmt: skip
    _openssl(folder, "req", *new, "-keyout", "stamper.key", "-out", "stamper.csr")
    _openssl(folder, "x509", "-req", "-in", "stamper.csr", "-CA", "root.crt", "-CAkey", "root.key",
             "-set_serial", "2", "-days", "3650", "-out", "stamper.crt",
             "-extfile", "conf", "-extensions", "stamper")  # fmt: skip
    return folder


def _stamp(authority: Path, folder: Path, *words: str) -> tuple[Path, Path]:
    """Write a statement file and let the authority stamp it."""
    pytest.importorskip("rfc3161_client")
    statement, token = folder / "statement.json", folder / "statement.tsr"
    statement.write_bytes(b'{"payload": ""}\n')
    _openssl(authority, "ts", "-query", "-data", str(statement), "-sha256", *words,
             "-out", f"{folder}/query")  # fmt: skip
    _openssl(authority, "ts", "-reply", "-config", "conf", "-queryfile", f"{folder}/query",
             "-out", str(token))  # fmt: skip
    return statement, token


@pytest.fixture
def stamped(authority: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return a statement file and an answer that holds the authority's certificate."""
    return _stamp(authority, tmp_path, "-cert")


def test_a_stamp_of_a_known_authority_is_good(authority: Path, stamped: tuple[Path, Path]) -> None:
    """The fact says when."""
    fact = check_stamp(*stamped, authority / "root.crt")

    assert fact.state is State.GOOD
    assert fact.notes[0].startswith("stamped at 20")


def test_an_answer_without_certificates_needs_them_from_the_reader(
    authority: Path, tmp_path: Path
) -> None:
    """The reader's file then holds the one that stamps, too."""
    chain = tmp_path / "chain.pem"
    chain.write_text((authority / "stamper.crt").read_text() + (authority / "root.crt").read_text())
    stamped = _stamp(authority, tmp_path)

    assert check_stamp(*stamped, chain).state is State.GOOD
    assert check_stamp(*stamped, authority / "root.crt").state is State.BAD
    assert check_stamp(*_stamp(authority, tmp_path, "-cert"), chain).state is State.GOOD


def test_a_stamp_of_a_stranger_or_over_other_bytes_is_not(
    authority: Path, stamped: tuple[Path, Path]
) -> None:
    """Another root, another statement, a cut answer: each is a mismatch."""
    statement, token = stamped
    by_stranger = check_stamp(statement, token, authority / "stranger.crt")
    statement.write_bytes(b'{"payload": "other"}\n')
    over_other = check_stamp(statement, token, authority / "root.crt")
    token.write_bytes(token.read_bytes()[:-9])
    cut = check_stamp(statement, token, authority / "root.crt")

    assert {by_stranger.state, over_other.state, cut.state} == {State.BAD}


def test_a_stamp_needs_certificates(stamped: tuple[Path, Path], tmp_path: Path) -> None:
    """Whom to believe is the reader's choice, so it has to be said."""
    none = tmp_path / "none.pem"
    none.write_text("no certificate")
    for roots in (None, none):
        with pytest.raises(UsageError) as caught:
            check_stamp(*stamped, roots)
        assert caught.value.slug == "stamp-roots"


def test_an_intermediate_alone_is_no_root(authority: Path, stamped: tuple[Path, Path]) -> None:
    """A chain has to end in a certificate that signs itself."""
    with pytest.raises(UsageError) as caught:
        check_stamp(*stamped, authority / "stamper.crt")

    assert caught.value.slug == "stamp-roots"


def test_a_plain_install_says_which_package_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time stamps need the extra; signing and verifying do not."""
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(UsageError) as caught:
        check_stamp(tmp_path, tmp_path, tmp_path)

    assert caught.value.slug == "attest-extra-missing"
    assert "provenance-meter[attest]" in caught.value.hint
