"""Detectors over the clone and over what it lacks."""

from __future__ import annotations

from provenance.findings.seen import Clone


def incomplete_view(clone: Clone) -> list[str]:
    """Return what this clone does not show: commits at a cut, paths, refs, grafts."""
    places = sorted(clone.shallow)
    places += [f"refs/replace/ ({clone.replaced})"] if clone.replaced else []
    places += [f"info/grafts ({clone.grafts})"] if clone.grafts else []
    return [*places, *sorted({*clone.unread, *clone.submodules})]
