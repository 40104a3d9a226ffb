"""``ledger``: rows as they are hashed, single rows opened, and proofs checked without the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worlds import keyring
from worlds.commands import Provenance, Said
from worlds.pipeline import Book

REPORT = Path("provenance-report/report.json")
SIGNED = ("--statement", "statement.json", "--key", "lab.pub.pem")


@pytest.fixture
def rows(provenance: Provenance, book: Book) -> list[dict[str, Any]]:
    """Measure, sign and export; keys and statement lie in the current folder."""
    key = keyring.pem(Path().absolute())
    assert provenance("measure", book.folder, "--own", "claude", "-q").code == 0
    assert provenance("attest", REPORT, "--key", key, "-o", "statement.json", "-q").code == 0
    exported = provenance("ledger", "export")
    assert exported.code == 0
    return [json.loads(line) for line in exported.out.splitlines()]


def _prove(provenance: Provenance, line: str) -> Said:
    return provenance(
        "ledger", "prove", line, "--secret", "lab.pem.ledger-secret", "-o", "proof.json"
    )


def _checked(provenance: Provenance, *words: str) -> dict[str, Any]:
    said = provenance("ledger", "verify", "proof.json", *(words or SIGNED), "-f", "json")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    assert isinstance(found, dict)
    return found


def test_the_rows_are_those_of_blame(
    provenance: Provenance, book: Book, rows: list[dict[str, Any]]
) -> None:
    """The same runs under the same words as ``blame --all``, and the stage with them."""
    blamed = provenance("blame", "--all", "--repo", book.folder, "-f", "jsonl")
    shared = ("path", "start", "lines", "commit", "author_type", "tier", "rule", "agent",
              "vendor", "family", "model")  # fmt: skip
    said = [json.loads(line) for line in blamed.out.splitlines()]

    def picked(found: list[dict[str, Any]]) -> list[list[Any]]:
        return sorted(([one[word] for word in shared] for one in found), key=str)

    assert picked(rows) == picked(said)
    assert {row["stage"] for row in rows if row["path"].startswith("evals")} == {"evaluation"}


def test_every_row_can_be_opened_by_its_number_and_by_its_lines(
    provenance: Provenance, rows: list[dict[str, Any]]
) -> None:
    """Number n is line n of the export; a place names the row that holds the line."""
    for number, row in enumerate(rows, start=1):
        assert _prove(provenance, str(number)).code == 0
        assert _checked(provenance)["row"] == row
        last = row["start"] + row["lines"] - 1
        assert _prove(provenance, f"{row['path']}:{last}").code == 0
        assert _checked(provenance)["row"] == row


def test_drawn_numbers_open_all_lines_once(
    provenance: Provenance, rows: list[dict[str, Any]]
) -> None:
    """Number by number, the lines of an author type inside the denominator, none twice."""
    report = json.loads(REPORT.read_text())
    total = report["stock"][-1]["counts"]["ai"]
    seen: dict[tuple[str, int], int] = {}
    for number in range(total):
        assert _prove(provenance, f"ai#{number}").code == 0
        opened = _checked(provenance)
        low, high = opened["draws"]["ai"]
        assert low <= number < high
        row = opened["row"]
        seen[row["path"], row["start"]] = seen.get((row["path"], row["start"]), 0) + 1
    beyond = _prove(provenance, f"ai#{total}")

    assert sum(seen.values()) == total
    assert seen == {
        (row["path"], row["start"]): row["code_lines"] for row in rows if row["author_type"] == "ai"
    }
    assert beyond.code == 2


def test_a_proof_is_checked_against_a_published_root_alone(
    provenance: Provenance, rows: list[dict[str, Any]]
) -> None:
    """No statement, no report, no repository."""
    assert rows
    _prove(provenance, "1")
    root = _checked(provenance)["root"]
    good = _checked(provenance, "--root", root.upper())
    bad = provenance("ledger", "verify", "proof.json", "--root", "00" * 32)

    assert good["commit"] is None
    assert bad.code == 4
    assert "leads to the root" in bad.err


def test_a_forged_proof_and_a_proof_from_other_rows_are_exit_4(
    provenance: Provenance, rows: list[dict[str, Any]]
) -> None:
    """A changed row, another secret: neither leads to what was signed."""
    assert rows
    _prove(provenance, "train/loop.py:1")
    proof = json.loads(Path("proof.json").read_text())
    proof["row"]["author_type"] = "human"
    Path("proof.json").write_text(json.dumps(proof))
    forged = provenance("ledger", "verify", "proof.json", *SIGNED)
    Path("other").write_bytes(b"o" * 32)
    Path("other").chmod(0o600)
    provenance("ledger", "prove", "1", "--secret", "other", "-o", "proof.json")
    foreign = provenance("ledger", "verify", "proof.json", *SIGNED)

    assert (forged.code, foreign.code) == (4, 4)
    assert forged.out == foreign.out == ""


def test_a_statement_of_somebody_else_is_no_root(
    provenance: Provenance, rows: list[dict[str, Any]]
) -> None:
    """The root comes from a signature, not from a file."""
    assert rows
    _prove(provenance, "1")
    keyring.pem(Path().absolute(), "other")
    said = provenance(
        "ledger", "verify", "proof.json", "--statement", "statement.json", "--key", "other.pub.pem"
    )

    assert said.code == 4
    assert "the statement does not hold" in said.err


def test_text_tells_a_person_what_was_opened(
    provenance: Provenance, rows: list[dict[str, Any]], book: Book
) -> None:
    """Place, commit, author, stage, and which draws lead here; hostile paths are spelled out."""
    assert rows
    _prove(provenance, "train/loop.py:1")
    said = provenance("ledger", "verify", "proof.json", *SIGNED)
    _prove(provenance, "1")
    hostile = provenance("ledger", "verify", "proof.json", *SIGNED)
    _prove(provenance, "README.md:1")
    outside = provenance("ledger", "verify", "proof.json", *SIGNED)

    assert "train/loop.py:1-1" in said.out
    assert book.commits[-2] in said.out
    assert "unattested#" in said.out
    assert "\x1b" not in hostile.out + hostile.err
    assert "outside the denominator" in outside.out


@pytest.mark.parametrize(
    "line",
    ["0", "999", "train/loop.py:0", "train/loop.py:9999", "nowhere.py:1", "ai#x", "x#1", "rows#1"],
)
def test_a_line_that_is_in_no_row_is_a_usage_error(
    provenance: Provenance, rows: list[dict[str, Any]], line: str
) -> None:
    """The hint says how lines are named."""
    assert rows
    said = _prove(provenance, line)

    assert said.code == 2
    assert "PATH:LINE" in said.err


def test_something_must_be_given_to_compare_with(
    provenance: Provenance, rows: list[dict[str, Any]]
) -> None:
    """A proof alone proves only that it is one."""
    assert rows
    _prove(provenance, "1")
    for words in (
        (),
        ("--statement", "statement.json"),
        ("--key", "lab.pub.pem"),
        (*SIGNED, "--root", "x"),
    ):
        said = provenance("ledger", "verify", "proof.json", *words)
        assert said.code == 2
        assert "--statement with --key, or --root" in said.err


def test_export_can_go_to_a_file(provenance: Provenance, rows: list[dict[str, Any]]) -> None:
    """The same bytes as on stdout."""
    said = provenance("ledger", "export", "-o", "out/runs.jsonl")

    assert said.code == 0
    assert said.out == ""
    assert [json.loads(line) for line in Path("out/runs.jsonl").read_text().splitlines()] == rows
