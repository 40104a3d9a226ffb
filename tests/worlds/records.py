"""Small invented records of every recording tool, as bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from provenance.evidence.dialect import Entry, Source, Store
from provenance.terms.authors import Maker
from provenance.terms.commits import CommitId

COMMIT = CommitId("c" * 40)
"""The commit that entries annotate unless told otherwise."""


def entry(
    content: str | bytes,
    *,
    commit: str | None = COMMIT,
    ref: str = "refs/notes/x",
    path: str = "",
    store: Store = Store.NOTES,
) -> Entry:
    """Return a stored object."""
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    known = None if commit is None else CommitId(commit)
    return Entry(Source(store, ref), ref, path or (commit or ""), known, data)


def known_model(name: str) -> Maker:
    """Know one family of models, whatever its version."""
    return Maker(None, "Anthropic", "claude", name) if "opus" in name else Maker()


def git_ai(
    files: Mapping[str, Iterable[str]],
    *,
    prompts: Mapping[str, Any] | None = None,
    sessions: Mapping[str, Any] | None = None,
    humans: Mapping[str, Any] | None = None,
    **metadata: Any,
) -> str:
    """Return an authorship log: per file its lines ``KEY RANGES``."""
    head = "".join(
        f"{path}\n" + "".join(f"  {line}\n" for line in lines) for path, lines in files.items()
    )
    data = {
        "schema_version": "authorship/3.0.0",
        "git_ai_version": "1.4.5",
        "base_commit_sha": COMMIT,
        "prompts": prompts or {},
        "sessions": sessions or {},
        "humans": humans or {},
    }
    return f"{head}---\n{json.dumps(data | metadata, indent=2)}"


def agent(tool: str, model: str = "opus-9", session: str = "one", **more: Any) -> dict[str, Any]:
    """Return the record of a session of git-ai."""
    return {"agent_id": {"tool": tool, "id": session, "model": model}, **more}


def trace(
    path: str,
    spans: Iterable[tuple[int, int]],
    revision: str = "",
    at: str = "2023-11-14T23:00:00Z",
    kind: str = "ai",
    tool: str = "cursor",
    *,
    model: str = "anthropic/opus-9",
    ident: str = "",
) -> dict[str, Any]:
    """Return an Agent Trace record of one file."""
    record: dict[str, Any] = {
        "version": "1.0",
        "id": ident,
        "timestamp": at,
        "tool": {"name": tool},
        "files": [
            {
                "path": path,
                "conversations": [
                    {
                        "contributor": {"type": kind, "model_id": model},
                        "ranges": [{"start_line": a, "end_line": b} for a, b in spans],
                    }
                ],
            }
        ],
    }
    if revision:
        record["vcs"] = {"type": "git", "revision": revision}
    return record


def jsonl(*records: Mapping[str, Any]) -> str:
    """Return records one a line."""
    return "".join(json.dumps(record) + "\n" for record in records)


def entire(agent_lines: int, total: int, *, tool: str = "Claude Code", **more: Any) -> str:
    """Return the metadata of one session of Entire."""
    share = {"agent_lines": agent_lines, "total_committed": total, "human_added": 1}
    return json.dumps({"agent": tool, "initial_attribution": share | more})
