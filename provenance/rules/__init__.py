"""The catalogue of authorship rules, as data, and the engine that matches it.

A rule says what one sign in a commit asserts: where it stands (author, trailer,
footer ...), how strongly it speaks and which tool it names.  Rules are TOML files under
``catalogue/``; the engine reads raw identities and raw messages only.  What the signs of
one commit add up to is decided elsewhere (``provenance.attribution``).
"""
