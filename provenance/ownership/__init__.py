"""Replay hunks forward along the commit graph: which commit owns every live line.

Words used here, and only in this sense:

Line id
    A number given to a line when it is born; it never changes while the line lives.
Birth
    A hunk that adds lines: a commit, a path, the first line number there, a count.
    Line ids are given out in the order of births, so births alone lead from a line id
    back to its origin (commit, path and line number).
Departure
    Line ids that the hunk of a birth removes: which commit took away which line.
Version
    A file's blob id with the line ids of its lines, four bytes each.
Tree
    The versions of all files at one commit; trees of different commits share what is equal.
"""
