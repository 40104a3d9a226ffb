"""``attest``, ``verify`` and ``ledger`` end to end: what a lab does, and what an auditor does."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from worlds import keyring, pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book
from worlds.world import World

REPORT = Path("provenance-report/report.json")


@dataclass(frozen=True, slots=True)
class Lab:
    """What lies in the current folder."""

    key: Path
    """Private key."""
    public: Path
    """Public key."""
    secret: Path
    """Secret behind the salts."""


@pytest.fixture
def lab(provenance: Provenance, book: Book, tmp_path: Path) -> Lab:
    """Measure the invented pipeline and sign it: statement.json lies in the current folder."""
    assert provenance("measure", book.folder, "--own", "claude", "-q").code == 0
    key = keyring.pem(tmp_path)
    signed = provenance("attest", REPORT, "--key", key, "-o", "statement.json")
    assert signed.code == 0, signed.err
    return Lab(key, keyring.public_of(key), tmp_path / "lab.pem.ledger-secret")


def _facts(provenance: Provenance, *words: str | Path) -> tuple[int, dict[str, str]]:
    said = provenance("verify", *words, "-f", "json", "--no-progress")
    held = json.loads(said.out)
    assert held["holds"] is (said.code == 0)
    return said.code, {name: fact["state"] for name, fact in held["facts"].items()}


def _edit_json(path: Path, change: Any) -> None:
    held = json.loads(path.read_text())
    change(held)
    path.write_text(json.dumps(held))


def test_a_signed_report_verifies(provenance: Provenance, lab: Lab, book: Book) -> None:
    """Three facts apart; the third needs a clone."""
    short = provenance("verify", "statement.json", "--key", lab.public)
    whole = provenance(
        "verify", "statement.json", "--key", lab.public, "--report", REPORT,
        "--repo", book.folder, "--secret", lab.secret, "-q",
    )  # fmt: skip

    assert (short.code, whole.code) == (0, 0)
    assert "measurement reproduced  not checked" in short.out
    for title in ("signature", "digests recomputed", "measurement reproduced"):
        assert f"  {title:<24}good\n" in whole.out
    assert "its rows lead to the signed root" in whole.out
    assert book.commits[-2] in whole.out
    assert whole.err == ""


def test_the_secret_is_made_once_and_its_owner_is_told(provenance: Provenance, lab: Lab) -> None:
    """Signing again with it gives the same statement, byte for byte."""
    first = Path("statement.json").read_bytes()
    again = provenance("attest", REPORT, "--key", lab.key, "-o", "again.json")

    assert lab.secret.stat().st_mode & 0o777 == 0o600
    assert "never publish" not in again.err
    assert Path("again.json").read_bytes() == first


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("statement.json", lambda s: s.update(payload="AAAA" + s["payload"])),
        ("statement.json", lambda s: s.update(payloadType="application/json")),
        ("statement.json", lambda s: s["signatures"][0].update(sig="AAAA" * 21 + "AA==")),
        ("provenance-report/report.json", lambda r: r["stock"][-1]["counts"].update(ai=80)),
        ("provenance-report/report.json", lambda r: r.update(command="provenance measure")),
        ("provenance-report/report.json", lambda r: r.pop("stock")),
    ],
    ids=["payload", "type", "signature", "figures", "command", "spoilt report"],
)
def test_every_tampering_is_exit_4(
    provenance: Provenance, lab: Lab, name: str, change: Any
) -> None:
    """Statement or report: one change, one mismatch."""
    _edit_json(Path(name), change)
    code, facts = _facts(provenance, "statement.json", "--key", lab.public, "--report", REPORT)

    assert code == 4
    assert "bad" in facts.values()


def test_a_payload_that_is_not_signed_is_not_read(
    provenance: Provenance, lab: Lab, tmp_path: Path
) -> None:
    """With another key nothing in it is looked at, however it looks."""
    keyring.pem(tmp_path, "other")
    code, facts = _facts(
        provenance, "statement.json", "--key", tmp_path / "other.pub.pem", "--report", REPORT
    )

    assert code == 4
    assert facts == {"signature": "bad", "digests": "not_checked", "measurement": "not_checked"}


def test_a_replayed_statement_of_another_head_is_exit_4(
    provenance: Provenance, lab: Lab, book: Book
) -> None:
    """The signature over an older release is good; it is not about this report or this clone."""
    provenance("measure", book.folder, "--at", "v0.1.0", "--own", "claude", "-o", "old", "-q")
    provenance("attest", "old/report.json", "--key", lab.key, "-o", "old.json")
    by_report = _facts(provenance, "old.json", "--key", lab.public, "--report", REPORT)
    by_repo = _facts(provenance, "old.json", "--key", lab.public, "--repo", book.folder)
    itself = _facts(
        provenance, "old.json", "--key", lab.public, "--repo", book.folder, "--at", "v0.1.0"
    )

    assert by_report == (4, {"signature": "good", "digests": "bad", "measurement": "not_checked"})
    assert by_repo == (4, {"signature": "good", "digests": "good", "measurement": "bad"})
    assert itself == (0, {"signature": "good", "digests": "good", "measurement": "good"})


def test_a_measurement_that_cannot_be_made_again_is_exit_4(
    provenance: Provenance, lab: Lab, book: Book
) -> None:
    """Signed under a configuration the verifier does not use: the figures differ."""
    Path("own.toml").write_text('[scope]\nexclude = ["train/**"]\n')
    provenance("measure", book.folder, "--config", "own.toml", "-o", "other", "-q")
    provenance("attest", "other/report.json", "--key", lab.key, "-o", "other.json")
    words = ("other.json", "--key", lab.public, "--repo", book.folder)
    without = provenance("verify", *words, "-q")
    code, facts = _facts(provenance, *words, "--config", "own.toml")

    assert without.code == 4
    assert "made under another configDigest" in without.out
    assert (code, facts["measurement"]) == (0, "good")


def test_rows_of_another_report_are_not_signed(
    provenance: Provenance, lab: Lab, book: Book
) -> None:
    """Evidence that does not add up to the figures never gets a signature."""
    provenance("measure", book.folder, "--at", "v0.1.0", "-o", "old", "-q")
    said = provenance(
        "attest", REPORT, "--ledger", "old/evidence/runs.parquet", "--key", lab.key, "-o", "x.json"
    )

    assert said.code == 4
    assert "does not belong to this report" in said.err
    assert not Path("x.json").exists()


def test_missing_rows_are_a_usage_error(provenance: Provenance, lab: Lab) -> None:
    """A report alone cannot be signed; the hint says what to keep."""
    Path("provenance-report/evidence/runs.parquet").unlink()
    said = provenance("attest", REPORT, "--key", lab.key, "-o", "x.json")

    assert said.code == 2
    assert "keep the folder evidence" in said.err


def test_another_table_in_their_place_is_refused(provenance: Provenance, lab: Lab) -> None:
    """The columns have to be those of the rows."""
    said = provenance(
        "attest", REPORT, "--key", lab.key, "-o", "x.json",
        "--ledger", "provenance-report/evidence/commits.parquet",
    )  # fmt: skip

    assert said.code == 2
    assert "does not have the columns" in said.err


def test_a_chain_of_statements_and_a_rewritten_history(
    provenance: Provenance, lab: Lab, book: Book, tmp_path: Path
) -> None:
    """A later statement names the earlier one; a rewritten clone breaks the chain."""
    provenance("measure", book.folder, "--at", "v0.1.0", "--own", "claude", "-o", "old", "-q")
    provenance("attest", "old/report.json", "--key", lab.key, "-o", "old.json")
    provenance("attest", REPORT, "--key", lab.key, "-o", "new.json", "--previous", "old.json")
    words = ("new.json", "--key", lab.public, "--previous", "old.json")
    code, facts = _facts(provenance, *words)
    in_clone = _facts(provenance, *words, "--repo", book.folder)
    unchained = _facts(provenance, "statement.json", *words[1:])

    changed = (
        pipeline.Step("unattested", pipeline.ADA, "Begin anew\n", 1, {"a.py": ["x = 1"]}),
        *pipeline.STEPS[:-1],
    )
    steps = tuple(changed)
    other = pipeline.build(tmp_path / "rewritten" / "trainwright", steps)
    provenance("measure", other.folder, "--own", "claude", "-o", "forged", "-q")
    provenance(
        "attest", "forged/report.json", "--key", lab.key, "-o", "f.json", "--previous", "old.json"
    )
    forged = _facts(
        provenance, "f.json", "--key", lab.public, "--previous", "old.json", "--repo", other.folder
    )

    assert (code, facts["continuity"]) == (0, "good")
    assert (in_clone[0], in_clone[1]["continuity"]) == (0, "good")
    assert (unchained[0], unchained[1]["continuity"]) == (4, "bad")
    assert (forged[0], forged[1]["continuity"], forged[1]["measurement"]) == (4, "bad", "good")


def test_a_clone_of_something_else_is_a_mismatch(
    provenance: Provenance, lab: Lab, tmp_path: Path
) -> None:
    """The signed commit is not there at all: that is an answer, not a wrong word."""
    step = pipeline.Step("unattested", pipeline.ADA, "Start\n", 0, {"train.py": ["x = 1"]})
    other = pipeline.build(tmp_path / "other", (step,))
    provenance("attest", REPORT, "--key", lab.key, "-o", "new.json", "--previous", "statement.json")
    code, facts = _facts(
        provenance, "new.json", "--key", lab.public, "--previous", "statement.json",
        "--repo", other.folder,
    )  # fmt: skip

    assert code == 4
    assert facts == {
        "signature": "good", "digests": "good", "measurement": "bad", "continuity": "bad"
    }  # fmt: skip


def test_a_shallow_clone_cannot_reproduce(provenance: Provenance, lab: Lab, shallow: Path) -> None:
    """It lacks the history; that is inconclusive, never good."""
    said = provenance("verify", "statement.json", "--key", lab.public, "--repo", shallow)

    assert said.code == 3
    assert "git fetch --unshallow" in said.err


def test_a_previous_statement_of_somebody_else_is_refused(
    provenance: Provenance, lab: Lab, tmp_path: Path
) -> None:
    """Unless the reader names that one's key too."""
    other = keyring.pem(tmp_path, "other")
    provenance("attest", REPORT, "--key", other, "-o", "old.json")
    provenance("attest", REPORT, "--key", lab.key, "-o", "new.json", "--previous", "old.json")
    words = ("new.json", "--key", lab.public, "--previous", "old.json")
    same = _facts(provenance, *words)
    named = _facts(provenance, *words, "--previous-key", keyring.public_of(other))

    assert (same[0], same[1]["continuity"]) == (4, "bad")
    assert (named[0], named[1]["continuity"]) == (0, "good")


def test_a_claim_check_is_signed_and_verified(provenance: Provenance, lab: Lab) -> None:
    """Its verdicts travel in the statement; its file is one of the subjects."""
    Path("check.json").write_text('{"format": "provenance-check/1", "verdicts": []}')
    signed = provenance(
        "attest", REPORT, "--check", "check.json", "--key", lab.key, "-o", "claims.json"
    )
    words = ("claims.json", "--key", lab.public, "--check", "check.json", "--report", REPORT)
    good = _facts(provenance, *words)
    Path("check.json").write_text('{"format": "provenance-check/1", "verdicts": [1]}')
    bad = _facts(provenance, *words)

    assert signed.code == 0
    assert good == (0, {"signature": "good", "digests": "good", "measurement": "not_checked"})
    assert bad[0] == 4


def _spent() -> float:
    """Return the processor time of all finished children: a busy machine does not change it."""
    found = os.times()
    return found.children_user + found.children_system


def test_verify_is_fast_and_needs_neither_git_nor_the_heavy_packages(lab: Lab) -> None:
    """A signed report without repository: at most a second, start-up included."""
    script = (
        "import sys; from provenance_cli.app import run; "
        f"code = run(['verify', 'statement.json', '--key', {str(lab.public)!r}, "
        f"'--report', {str(REPORT)!r}]); "
        "heavy = {'duckdb', 'numpy', 'git', 'tree_sitter', 'jinja2', 'rich'} & set(sys.modules); "
        "sys.stderr.write(' '.join(sorted(heavy))); sys.exit(code)"
    )
    spans = []
    for _ in range(3):
        began = _spent()
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PATH": ""},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        spans.append(_spent() - began)

    assert (done.returncode, done.stderr) == (0, "")
    assert min(spans) <= 1


def test_statements_are_equal_from_two_clones_and_settings(
    provenance: Provenance, book: Book, tmp_path: Path
) -> None:
    """One key, one secret: time zone, locale, jobs and folder of the clone change nothing."""
    import shutil

    key = keyring.pem(tmp_path, fixed=True)
    secret = tmp_path / "secret"
    secret.write_bytes(b"s" * 32)
    secret.chmod(0o600)
    found = []
    for number, zone in enumerate(("Asia/Tokyo", "America/Lima")):
        clone = tmp_path / f"place{number}" / "trainwright"
        shutil.copytree(book.folder, clone)
        out = tmp_path / f"out{number}"
        environment = {
            **os.environ, "TZ": zone, "LC_ALL": "C" if number else "C.UTF-8",
            "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": str(number),
        }  # fmt: skip
        for words in (
            ("measure", clone, "--no-cache", "-q", "-o", out, "--jobs", number + 1),
            ("attest", out / "report.json", "--key", key, "--secret", secret, "-q",
             "-o", out / "statement.json"),
            ("ledger", "export", "--report", out / "report.json", "-o", out / "runs.jsonl"),
        ):  # fmt: skip
            subprocess.run(
                [sys.executable, "-m", "provenance_cli", *map(str, words)],
                env=environment, check=True, capture_output=True,
            )  # fmt: skip
        found.append({p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()})

    assert found[0] == found[1]
    assert {Path("statement.json"), Path("runs.jsonl"), Path("evidence/runs.parquet")} <= set(
        found[0]
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--key", "absent.pem"), "the key absent.pem is missing"),
        (("--key", "hsm:1"), "public key"),
        (("--key", "lab.pem", "--check", "absent.json"), "the claim check absent.json is missing"),
        (("--key", "lab.pem", "--previous", "absent.json"), "the statement absent.json is missing"),
        (("--key", "lab.pem", "--secret", "weak"), "fewer than 32 bytes"),
        (("--key", "lab.pem", "--secret", "no/such/folder"), "cannot write the secret"),
    ],
)
def test_wrong_words_are_usage_errors(
    provenance: Provenance, lab: Lab, words: tuple[str, ...], message: str
) -> None:
    """Each says what is wrong and what to do; nothing is written."""
    Path("lab.pem").write_bytes(lab.key.read_bytes())
    Path("lab.pem").chmod(0o600)
    Path("weak").write_bytes(b"weak")
    Path("weak").chmod(0o600)
    said = provenance("attest", REPORT, *words, "-o", "x.json")

    assert said.code == 2
    assert message in said.err
    assert "\n\nhint: " in said.err
    assert not Path("x.json").exists()


def test_a_repository_with_sha256_ids_is_signed_and_measured_again(
    provenance: Provenance, tmp_path: Path
) -> None:
    """Ids of 64 digits go through report, rows, statement and proof."""
    world = World(tmp_path / "w", object_format="sha256")
    world.commit(edit={"train/a.py": "x = 1\n"})
    built, key = world.build(), keyring.pem(tmp_path)
    provenance("measure", built.path, "-q")
    provenance("attest", REPORT, "--key", key, "-o", "s.json")
    words = ("s.json", "--key", keyring.public_of(key))
    code, facts = _facts(provenance, *words, "--report", REPORT, "--repo", built.path)
    provenance("ledger", "prove", "1", "--secret", f"{key}.ledger-secret", "-o", "p.json")
    proven = provenance("ledger", "verify", "p.json", "--statement", *words)

    assert (code, set(facts.values())) == (0, {"good"})
    assert proven.code == 0
    assert built.ids[0] in proven.out
    assert len(built.ids[0]) == 64


def test_nothing_that_is_read_is_written_over(provenance: Provenance, lab: Lab) -> None:
    """A slip in ``-o`` must not cost a key or a report."""
    before = lab.key.read_bytes(), REPORT.read_bytes()
    for place in (lab.key, REPORT):
        said = provenance("attest", REPORT, "--key", lab.key, "-o", place)
        assert said.code == 2
        assert "would be written over" in said.err

    assert (lab.key.read_bytes(), REPORT.read_bytes()) == before


def test_neither_statement_nor_rows_name_a_person(provenance: Provenance, lab: Lab) -> None:
    """Names and addresses stay in the history."""
    payload = base64.b64decode(json.loads(Path("statement.json").read_text())["payload"]).decode()
    text = (payload + provenance("ledger", "export").out).casefold()

    for person in (*pipeline.PEOPLE, "example.invalid"):
        assert not [part for part in person.split() if part.casefold() in text]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[]"])
def test_what_is_no_statement_is_exit_4(provenance: Provenance, lab: Lab, content: bytes) -> None:
    """A file in place of a statement proves nothing."""
    Path("x.json").write_bytes(content)
    said = provenance("verify", "x.json", "--key", lab.public)

    assert said.code == 4
    assert said.err.startswith("error: ")
    assert said.out == ""
