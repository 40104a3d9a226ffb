"""A Hypothesis strategy for measurements that keep their promises but hold anything else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from provenance.metrics.measurement import (
    Exclusion,
    FileFigures,
    Finding,
    Generation,
    LadderStep,
    Measurement,
    RecordFigures,
    Replacement,
    StageFigures,
    StockPoint,
)
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, Stage
from provenance.terms.unmeasured import Reason, Unmeasured
from worlds.measurements import HOSTILE, commit_id, small, stock_point

numbers = st.one_of(st.integers(0, 40), st.integers(0, 2**40))
texts = st.one_of(
    st.sampled_from(HOSTILE[:-3]),
    st.text(st.characters(), max_size=20),
    st.text(st.sampled_from("<>&\"'|`=+-@\n\r\x1b\u202e\udce9% 0"), max_size=12),
)
words = st.one_of(st.sampled_from([kind.value for kind in AuthorType]), texts)
counts = st.builds(Counts, numbers, numbers, numbers, numbers, numbers, numbers)


@st.composite
def figures(draw: st.DrawFn) -> StageFigures:
    drawn = draw(counts)
    floor = draw(st.integers(0, drawn.ai))
    declared = floor + draw(st.integers(0, drawn.assisted))
    low = draw(st.integers(0, drawn.total))
    own = Own(floor, declared, draw(st.integers(declared, drawn.ceiling)))
    return StageFigures(drawn, own, low, low + draw(numbers), draw(numbers))


@st.composite
def _points(draw: st.DrawFn) -> tuple[StockPoint, ...]:
    months = draw(st.lists(st.integers(2020 * 12, 2026 * 12), max_size=5, unique=True))
    stages = st.dictionaries(st.sampled_from(Stage), figures(), max_size=5)
    points = []
    for index in sorted(months):
        label = f"{index // 12}-{index % 12 + 1:02d}"
        points.append(stock_point(label, "month", f"{label}-20T00:00:00Z", draw(stages)))
        if draw(st.booleans()):
            release = stock_point("tag", "release", f"{label}-21T00:00:00Z", draw(stages))
            points.append(replace(release, at=draw(texts)))
    points.append(stock_point("HEAD", "head", "2026-02-01T00:00:00Z", draw(stages)))
    return tuple(points)


_generations = st.builds(
    Generation,
    vendor=st.none() | texts,
    family=st.none() | texts,
    model=st.none() | texts,
    own=st.booleans(),
    ai=numbers,
    assisted=numbers,
    first_seen=st.just("2025-01-01"),
    by_stage=st.dictionaries(st.sampled_from(Stage), numbers, max_size=3),
    alive=st.lists(
        st.tuples(st.sampled_from(("2025-10", "2025-11", "2026-01")), numbers), max_size=3
    ).map(tuple),
)


@st.composite
def measurements(draw: st.DrawFn) -> Measurement:
    """Draw a measurement with hostile text and any integers."""
    old = small()
    stock = draw(_points())
    return replace(
        old,
        repository=replace(old.repository, name=draw(texts), head=stock[-1].commit),
        definition=replace(
            old.definition, own_families=draw(st.lists(texts, max_size=2).map(tuple))
        ),
        stock=stock,
        flow=tuple(
            replace(window, start=draw(texts), counts=draw(counts), added=draw(counts))
            for window in old.flow[: draw(st.integers(0, 3))]
        ),
        generations=tuple(draw(st.lists(_generations, max_size=3))),
        records=draw(
            st.lists(
                st.builds(
                    RecordFigures,
                    texts,
                    *[numbers] * 7,
                    estimate=st.tuples(numbers, numbers, numbers),
                    estimated=numbers,
                ),
                max_size=2,
            ).map(tuple)
        ),
        record_pins=draw(st.lists(st.tuples(texts, texts), max_size=2).map(tuple)),
        replacements=draw(
            st.lists(st.builds(Replacement, words, words, numbers), max_size=3).map(tuple)
        ),
        not_measured=draw(
            st.lists(
                st.builds(
                    Unmeasured,
                    st.sampled_from(Reason),
                    numbers,
                    numbers,
                    st.lists(texts, max_size=2).map(tuple),
                ),
                max_size=2,
            ).map(tuple)
        ),
        exclusions=draw(
            st.lists(
                st.builds(Exclusion, texts, st.sampled_from(Facet), numbers, numbers, counts),
                max_size=2,
            ).map(tuple)
        ),
        ladder=draw(
            st.lists(
                st.builds(
                    LadderStep,
                    words,
                    texts,
                    texts,
                    numbers,
                    numbers,
                    st.just(commit_id()),
                    st.sampled_from(("", "2025-11-03", "9999-99-99")) | texts,
                ),
                max_size=2,
            ).map(tuple)
        ),
        findings=draw(
            st.lists(
                st.builds(
                    Finding,
                    texts,
                    st.sampled_from("ABC"),
                    texts,
                    st.lists(texts, max_size=2).map(tuple),
                    numbers,
                    texts,
                    texts,
                    texts,
                ),
                max_size=2,
            ).map(tuple)
        ),
        files=draw(
            st.lists(
                st.builds(
                    FileFigures,
                    texts,
                    st.sampled_from(Stage),
                    st.sampled_from(Facet),
                    st.integers(0, 1000),
                    st.none() | st.sampled_from(Stage),
                    numbers,
                    counts,
                ),
                max_size=3,
            ).map(tuple)
        ),
        everything=draw(counts),
        is_ml_pipeline=draw(st.booleans()),
        stage_map=draw(st.lists(st.tuples(texts, texts), max_size=2).map(tuple)),
    )
