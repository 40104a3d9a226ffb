"""Days of labels and moments, as ordinals in UTC."""

from __future__ import annotations

from datetime import date


def ordinal(label: str, kind: str, moment: str) -> int:
    """Return the last day of a month or week, else the day of ``moment``; 0 if unreadable."""
    try:
        if kind == "month":
            first = date.fromisoformat(f"{label}-01")
            following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            return following.toordinal() - 1
        if kind == "week":
            return date.fromisoformat(f"{label}-7" if "W" in label else label).toordinal()
        return date.fromisoformat(moment[:10]).toordinal()
    except ValueError:
        return 0
