"""Claims about the demo, whose truth is known: what is true is never contradicted."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest

from provenance.claims.judge import judge
from provenance.claims.verdict import Word
from provenance.demo.build import Book, Made, build
from provenance.demo.truth import OWN_FAMILY, truth
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.metrics.measurement import Measurement
from worlds import claimed

_GRAIN = 10**11


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measurement, dict[str, Made]]:
    """Return the measured demo, and what its inventor knows of each commit."""
    book: Book = build(tmp_path_factory.mktemp("demo"))
    measurement = measure(Path(book.folder), Options()).measurement
    assert measurement.definition.own_families == (OWN_FAMILY,)
    return measurement, dict(zip(book.ids, book.commits, strict=True))


def _window(at: str) -> str:
    return at if at == "HEAD" or at[:2] == "20" else f"tag:{at}"


def _percent(share: Fraction, rounded: int) -> str:
    assert floor(share * _GRAIN) <= rounded <= ceil(share * _GRAIN)
    return f"{rounded // 10**9}.{rounded % 10**9:09d}%"


@pytest.mark.parametrize("author", ["any_ai", "self_family"])
def test_true_levels_are_never_contradicted_and_false_ones_never_supported(
    demo: tuple[Measurement, dict[str, Made]], author: str
) -> None:
    """At every month, release and the head: at least and at most the truth; more, and less."""
    measurement, known = demo
    claims, expected = [], {}
    for point in measurement.stock:
        true = truth(known[point.commit])
        share = Fraction(true.own if author == "self_family" else true.ai, true.whole)
        below = _percent(share, floor(share * _GRAIN))
        above = _percent(share, ceil(share * _GRAIN))
        for comparator, value, refused in (
            ("at_least", below, Word.CONTRADICTED),
            ("at_most", above, Word.CONTRADICTED),
            ("more_than", above, Word.SUPPORTED),
            ("less_than", below, Word.SUPPORTED),
        ):
            name = f"{point.at}.{comparator}"
            expected[name] = refused
            claims.append(
                f'[[claim]]\nid = "{name}"\nkind = "level"\nsources = ["s"]\nwording = "w"\n'
                f'comparator = "{comparator}"\nvalue = "{value}"\nauthor = "{author}"\n'
                f'[[claim.reading]]\nid = "r"\nwindow = "{_window(point.at)}"\n'
                f"quantity = {{ {claimed.LEVEL} }}\n"
            )
    told = claimed.disclosure("".join(claims), families=[OWN_FAMILY])
    found = judge(measurement, told).claims

    assert len(found) == len(expected) > 150
    for verdict in found:
        assert verdict.word is not expected[verdict.claim.id], verdict.claim.id
        assert verdict.readings[0].outcome.low is not None
    assert {verdict.word for verdict in found} >= {Word.SUPPORTED, Word.NOT_DECIDABLE}


@pytest.mark.parametrize("sustain", [1, 2, 3])
def test_true_crossings_are_never_contradicted(
    demo: tuple[Measurement, dict[str, Made]], sustain: int
) -> None:
    """For thresholds all over the range: the month in which the truth passes them for good."""
    measurement, known = demo
    months = [point for point in measurement.stock if point.kind == "month"]
    shares = []
    for point in months:
        true = truth(known[point.commit])
        shares.append(Fraction(true.ai, true.whole))
    checked = 0
    for threshold in range(1, 100):
        runs = [
            all(share * 100 >= threshold for share in shares[at : at + sustain])
            for at in range(len(shares) - sustain + 1)
        ]
        at = runs.index(True) if True in runs else 0
        if at == 0:
            continue
        told = claimed.claim(
            "crossing",
            f'threshold = "{threshold}%"\nclaimed_window = "{months[at].at}"',
            f'quantity = {{ {claimed.LEVEL} }}, bin = "month", sustain = {sustain}',
        )
        checked += 1

        assert claimed.outcome(measurement, told).word is not Word.CONTRADICTED, threshold
    assert checked > 20
