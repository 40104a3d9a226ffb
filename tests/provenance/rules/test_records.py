"""The files that describe line-level records."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from provenance.errors import CatalogueError
from provenance.evidence.dialect import HEAD
from provenance.evidence.dialects import DIALECTS
from provenance.rules.load import RECORDS, load_catalogue
from provenance.rules.records import RECORD_KEYS, Gives, RecordRule, parse_record

_ROOT = Path(str(resources.files("provenance.rules"))) / "catalogue" / RECORDS
_FILES = sorted(_ROOT.glob("*.toml"))
_RECORDS = load_catalogue().records


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_file_keeps_its_keys_in_order(file: Path) -> None:
    """Files read alike: every key, in one order."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))

    assert tuple(values) == RECORD_KEYS
    assert values["id"] == file.stem
    assert "\n" not in values["note"].strip("\n")


def test_every_dialect_is_described() -> None:
    """What is read and what is written down agree: ids, and places in the order of preference."""
    described = {record.id: record for record in _RECORDS}

    assert [record.id for record in _RECORDS] == [dialect.id for dialect in DIALECTS]
    for dialect in DIALECTS:
        reads = " ".join(described[dialect.id].reads)
        places = [source.name if source.ref == HEAD else source.ref for source in dialect.sources]
        found = [reads.index(place) for place in places]
        assert found == sorted(found)


def test_records_are_part_of_the_digest() -> None:
    """What is believed of a record decides figures."""
    assert load_catalogue().records
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", record.id) for record in _RECORDS)
    assert not {record.id for record in _RECORDS} & {rule.id for rule in load_catalogue().rules}


def test_folder_explains_itself() -> None:
    """The README says which keys the files hold."""
    text = (_ROOT / "README.md").read_text(encoding="utf-8")

    assert all(f"`{key}`" in text or f"[{key}]" in text for key in RECORD_KEYS)


def good() -> dict[str, object]:
    """Return the values of one file."""
    return tomllib.loads((_ROOT / "git-ai.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("gives", "words"),
        ("tiers", ["seen"]),
        ("tiers", []),
        ("reads", []),
        ("note", ""),
        ("extra", 1),
        ("sources", [{"at": "x", "seen": "today"}]),
        ("id", "Git AI"),
    ],
)
def test_wrong_files_are_refused(key: str, value: object) -> None:
    """A wrong word names its file."""
    assert isinstance(parse_record(good(), place="here"), RecordRule)
    assert parse_record(good(), place="here").gives is Gives.LINES
    with pytest.raises(CatalogueError, match="here"):
        parse_record(good() | {key: value}, place="here")
