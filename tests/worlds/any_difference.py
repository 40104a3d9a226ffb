"""A Hypothesis strategy for changes that keep their promises but hold anything else."""

from __future__ import annotations

from hypothesis import strategies as st

from provenance.metrics.difference import Difference, End, FileChange, Lines, MakerLines
from provenance.metrics.measurement import Exclusion, Finding, StageFigures
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, Stage
from provenance.terms.unmeasured import Reason, Unmeasured
from worlds.any_measurement import counts, figures, numbers, texts
from worlds.measurements import commit_id, definition

places = st.one_of(
    texts,
    texts.map(lambda text: f"{text}:12"),
    st.just(commit_id("a place")),
    st.sampled_from(("train/loop.py:3", "caf\udce9.py:4", "a\ud800b.py:5", "a%b c.py:6", "x:0")),
)
findings = st.builds(
    Finding, texts, st.sampled_from("ABC"), texts, st.lists(places, max_size=3).map(tuple), numbers
)
_ends = st.builds(End, texts, st.just(commit_id("end")), st.just("2026-01-02T03:04:05Z"))


@st.composite
def _lines(draw: st.DrawFn) -> Lines:
    by_stage: dict[Stage, StageFigures] = draw(
        st.dictionaries(st.sampled_from(Stage), figures(), max_size=6)
    )
    return Lines(
        sum((one.counts for one in by_stage.values()), Counts()),
        sum((one.own for one in by_stage.values()), Own()),
        by_stage,
    )


_makers = st.builds(
    MakerLines,
    vendor=st.none() | texts,
    family=st.none() | texts,
    model=st.none() | texts,
    own=st.booleans(),
    commits=numbers,
    ai=numbers,
    assisted=numbers,
    by_stage=st.dictionaries(st.sampled_from(Stage), numbers, max_size=3),
)
_files = st.builds(
    FileChange, texts, st.sampled_from(Stage), st.sampled_from(Facet), st.integers(0, 1000),
    counts, counts,
)  # fmt: skip
_outside = st.builds(Exclusion, texts, st.sampled_from(Facet), numbers, numbers, counts)
_unmeasured = st.builds(
    Unmeasured, st.sampled_from(Reason), numbers, numbers, st.lists(texts, max_size=2).map(tuple)
)

differences = st.builds(
    Difference,
    tool_version=st.just("1.2.3"),
    name=texts,
    definition=st.sampled_from(((), ("claude",))).map(lambda own: definition(own=own)),
    base=_ends,
    head=_ends,
    merge_bases=st.just((commit_id("base"),)),
    stated=st.just(commit_id("base")),
    commits=counts,
    merges=numbers,
    added=_lines(),
    removed=numbers,
    alive=_lines(),
    tests=counts,
    unclassified=st.dictionaries(st.sampled_from(Stage), numbers, max_size=3),
    makers=st.lists(_makers, max_size=6).map(tuple),
    files=st.lists(_files, max_size=3).map(tuple),
    outside=st.lists(_outside, max_size=6).map(tuple),
    not_measured=st.lists(_unmeasured, max_size=3).map(tuple),
    findings=st.lists(findings, max_size=14).map(tuple),
    unplaced=numbers,
    is_ml_pipeline=st.booleans(),
)
"""Changes with hostile text and any integers."""
