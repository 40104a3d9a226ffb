"""``python -m provenance_cli``."""

from __future__ import annotations

from provenance_cli.app import main

if __name__ == "__main__":
    main()
