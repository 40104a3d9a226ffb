"""Count again by another road: PyDriller for commits, ``git blame`` for lines, own small readers.

Nothing of the rooms that make a measurement is used here, only ``terms`` and ``errors``; the
rule files are read as data.  A contract in ``pyproject.toml`` holds this.
"""
