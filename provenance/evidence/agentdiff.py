"""agentdiff: Agent Trace records with another meaning, under ``refs/agentdiff``.

The recorded revision is the commit itself, and the ranges are all lines it adds to a file:
the agent seen last in that file is named for every one of them, and files without an agent
are called human.  So an agent's file is a mixture, and human is only what was left over.
"""

from __future__ import annotations

from collections.abc import Iterable

from provenance.evidence.dialect import Around, Entry, Reading, Source, Store
from provenance.evidence.problems import Problems
from provenance.evidence.spans import Claims
from provenance.evidence.traces import Trace, traces
from provenance.terms.authors import AuthorType, RuleId, Tier
from provenance.terms.commits import CommitId
from provenance.terms.records import Record


class Agentdiff:
    """Records of agentdiff."""

    id = RuleId("agentdiff")
    sources = (
        Source(Store.FILE, "refs/agentdiff/meta", "traces.jsonl"),
        Source(Store.FILE, "refs/agentdiff/traces/*", "traces.jsonl"),
    )

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read every record once, by its own id; those of unknown commits are left out."""
        problems = Problems(self.id)
        records: list[Record] = []
        known: set[str] = set()
        seen = 0
        for entry in entries:
            for trace in traces(entry, around, problems):
                if trace is not None and trace.id in known:
                    continue
                seen += 1
                if trace is None:
                    continue
                if trace.id:
                    known.add(trace.id)
                if record := self._record(entry, trace, around, problems):
                    records.append(record)
        return Reading(tuple(records), problems.listed(), seen)

    def _record(
        self, entry: Entry, trace: Trace, around: Around, problems: Problems
    ) -> Record | None:
        commit = CommitId(trace.revision)
        if around.committed_at(commit) is None:
            problems.add(entry.place, "unknown-revision", "the commit is not in the history")
            return None
        claims = Claims(entry.place, problems)
        for path, runs in trace.files.items():
            for run in runs:
                if run.author_type is AuthorType.HUMAN:
                    claims.refuse("inferred-human", "human is what was left over")
                elif run.maker.agent is None and not run.named:
                    # early versions wrote "ai" and the committer's name for people's files
                    claims.refuse("no-tool", "neither an agent nor a model is named")
                else:
                    claims.add(path, run.span, AuthorType.ASSISTED, Tier.INFERRED, run.maker)
        listed = claims.listed()
        return Record(self.id, commit, entry.place, listed) if listed else None
