from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings

from provenance.metrics.measurement import Measurement
from provenance.terms.authors import AuthorType
from provenance_reports import csv_v1
from provenance_reports.build import build
from worlds.any_measurement import measurements
from worlds.measurements import HOSTILE, empty, hostile, pipeline


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_file_is_listed_not_only_the_largest() -> None:
    measurement = pipeline()
    rows = _rows(csv_v1.files(build(measurement, command="x")))

    assert [row["path"] for row in rows] == [file.path for file in measurement.files]
    assert len(rows) > 200


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_the_stages_of_a_point_add_up_to_the_whole(measurement: Measurement) -> None:
    rows = _rows(csv_v1.stock(build(measurement, command="x")))
    last = [row for row in rows if row["kind"] == "head"]

    for author_type in AuthorType:
        whole, *stages = (int(row[author_type]) for row in last)
        assert whole == sum(stages) == measurement.head.counts.of(author_type)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_no_cell_is_a_formula_or_breaks_its_line(measurement: Measurement) -> None:
    """A spreadsheet shows hostile names and computes none of them."""
    document = build(measurement, command="x")
    for text in (csv_v1.files(document), csv_v1.stock(document), csv_v1.flow(document)):
        text.encode()
        table = list(csv.reader(io.StringIO(text)))

        assert len(table) == text.count("\n")
        assert all(len(row) == len(table[0]) for row in table)
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)


def test_hostile_paths_keep_their_words() -> None:
    paths = [row["path"] for row in _rows(csv_v1.files(build(hostile(), command="x")))]

    assert '\'=HYPERLINK("http://example.invalid","x")' in paths
    assert "'@SUM(A1)" in paths
    assert "caf\\xe9.py" in paths
    assert paths[HOSTILE.index("a" * 10_000)] == "a" * 10_000


def test_flow_names_its_window() -> None:
    measurement = pipeline()
    rows = _rows(csv_v1.flow(build(measurement, command="x")))
    wholes = [row for row in rows if row["stage"] == "all"]

    assert [row["to"] for row in wholes] == [window.end for window in measurement.flow]
    assert [int(row["added"]) for row in wholes] == [
        window.added.total for window in measurement.flow
    ]


def test_an_empty_tree_has_headers_only() -> None:
    document = build(empty(), command="x")

    assert csv_v1.files(document).count("\n") == 1
    assert csv_v1.flow(document).count("\n") == 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_records_and_replacements_are_listed_as_measured(measurement: Measurement) -> None:
    document = build(measurement, command="x")
    records, taken = _rows(csv_v1.records(document)), _rows(csv_v1.replacements(document))

    assert [int(row["lines"]) for row in taken] == [r.lines for r in measurement.replacements]
    assert [int(row["total"]) for row in records] == [r.total for r in measurement.records]
    assert [
        tuple(int(row[f"estimate_{word}"]) for word in ("low", "high", "lines")) for row in records
    ] == [r.estimate for r in measurement.records]
