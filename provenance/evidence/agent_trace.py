"""Agent Trace: ``.agent-trace/traces.jsonl`` in the tree, ledgers in ``refs/notes/agent-trace``.

The file is written while editing: a record names the revision that was checked out then, so
its lines belong to a child of it.  The record's time tells: what was written after that
revision was committed is in the child.  Each edit appends a record and later edits move
earlier lines, so only the last record of a file before the commit can be used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.annotated import NOTHING, Said, read_each
from provenance.evidence.dialect import HEAD, Around, Entry, Reading, Source, Store
from provenance.evidence.problems import Problems
from provenance.evidence.spans import Claims
from provenance.evidence.tools import maker
from provenance.evidence.traces import TYPES, Trace, traces
from provenance.terms.authors import RuleId, Tier
from provenance.terms.commits import CommitId
from provenance.terms.records import Record

_MOST_CHILDREN = 100
_MOST_PLACES = 1_000_000

_Place = tuple[CommitId, str]
"""A commit and a path in it."""


class AgentTrace:
    """Records of the Agent Trace format."""

    id = RuleId("agent-trace")
    sources = (
        Source(Store.NOTES, "refs/notes/agent-trace"),
        Source(Store.FILE, HEAD, ".agent-trace/traces.jsonl"),
    )

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read the notes as they are; find the commit of every record of the file."""
        problems = Problems(self.id)
        records: list[Record] = []
        notes: list[Entry] = []
        seen = 0
        for entry in entries:
            if entry.commit is None:
                found = list(traces(entry, around, problems))
                seen += len(found)
                known = [trace for trace in found if trace is not None]
                records += self._placed(entry, known, around, problems)
                continue
            notes.append(entry)
        read = read_each(self.id, notes, lambda entry, claims: _ledger(entry, claims, around))
        return Reading(
            (*read.records, *records),
            (*read.problems, *problems.listed()),
            read.seen + seen,
        )

    def _placed(
        self, entry: Entry, found: Sequence[Trace], around: Around, problems: Problems
    ) -> Iterator[Record]:
        places = (place for trace in found for place in _candidates(trace, around))
        lines = around.lines(list(dict.fromkeys(itertools.islice(places, _MOST_PLACES))))
        last: dict[_Place, Trace] = {}
        for trace in found:
            for path in trace.files:
                place = _place(trace, path, lines, around)
                if isinstance(place, str):
                    problems.add(entry.place, place, _WHY[place])
                    continue
                if place in last:
                    problems.add(entry.place, "superseded", _WHY["superseded"])
                last[place] = trace
        commits: dict[CommitId, list[str]] = {}
        for commit, path in sorted(last):
            commits.setdefault(commit, []).append(path)
        for commit, paths in commits.items():
            claims = Claims(entry.place, problems)
            for path in paths:
                _claim(claims, last[commit, path], path, lines[commit, path])
            if listed := claims.listed():
                yield Record(self.id, commit, entry.place, listed)


_WHY = {
    "no-revision": "no revision is recorded",
    "unknown-revision": "the recorded revision is not in the measured history",
    "not-committed": "no commit after the recorded revision changes the file",
    "ambiguous-revision": "several commits may hold the recorded lines",
    "superseded": "a later record of the same file moved these lines",
    "outside-file": "the file in the commit has fewer lines",
}


def _candidates(trace: Trace, around: Around) -> Iterator[_Place]:
    revision = CommitId(trace.revision)
    if not revision or around.committed_at(revision) is None:
        return
    for path in trace.files:
        yield revision, path
        for child in around.children(revision)[:_MOST_CHILDREN]:
            yield child, path


def _place(trace: Trace, path: str, lines: Mapping[_Place, int], around: Around) -> _Place | str:
    """Find the commit that holds a record's lines, or say why none can be named."""
    revision = CommitId(trace.revision)
    if not revision:
        return "no-revision"
    committed = around.committed_at(revision)
    if committed is None:
        return "unknown-revision"
    after = [c for c in around.children(revision)[:_MOST_CHILDREN] if (c, path) in lines]
    here = (revision, path) in lines
    if trace.written_at is None and after and here:
        return "ambiguous-revision"
    if here and (not after or (trace.written_at is not None and trace.written_at <= committed)):
        return revision, path
    if len(after) > 1:
        return "ambiguous-revision"
    return (after[0], path) if after else "not-committed"


def _claim(claims: Claims, trace: Trace, path: str, length: int) -> None:
    for run in trace.files[path]:
        if run.span[1] > length:
            claims.refuse("outside-file", _WHY["outside-file"])
        else:
            claims.add(path, run.span, run.author_type, Tier.OBSERVED, run.maker)


def _ledger(entry: Entry, claims: Claims, around: Around) -> Said:
    """Read the ledger that agent-trace-cli matched to the annotated commit by content."""
    data = shape.parse(entry.content)
    if "ledger_hash" not in data and "ledger" not in data:
        raise EvidenceError("no ledger", slug="unknown-format")
    files = shape.table(shape.table(data.get("ledger")).get("files"))
    for path, file in files.items():
        for segment in shape.tables(shape.table(file).get("line_attributions")):
            author_type = TYPES.get(shape.text(segment.get("type")))
            if author_type is None:
                continue
            first = shape.count(segment.get("start_line")) or 0
            last = shape.count(segment.get("end_line")) or 0
            who = maker("", shape.text(segment.get("model_id")), around)
            claims.add(path, (first, last), author_type, Tier.OBSERVED, who)
    return NOTHING
