"""How much of a stranger's record is read: parsing must end soon whatever the bytes."""

from __future__ import annotations

from typing import Final

LARGEST: Final = 8 << 20
"""Bytes of one record (the largest seen in public has 3.2 MB)."""
LARGEST_FILE: Final = 64 << 20
"""Bytes of one file that holds many records."""
MOST_BYTES: Final = 2 << 30
"""Bytes read for one dialect in one run (the most seen in public: 0.6 GB)."""
MOST_CLAIMS: Final = 200_000
"""Runs of lines in one record."""
MOST_BROKEN: Final = 1000
"""Unreadable records in one file after which the rest of it is left alone."""
LAST_LINE: Final = 1 << 24
"""Highest line number believed."""
LONGEST_PATH: Final = 4096
"""Characters of a path, as in git on Linux."""
MOST_PROBLEMS: Final = 1000
"""Problems kept for one dialect; the rest are counted."""
