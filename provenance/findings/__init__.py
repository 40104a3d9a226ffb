"""Questions that a history raises: each with a place, never an accusation.

A finding says what was seen, where, and what it does to a verdict.  The questions are data
(``questions.toml``: definition, base rate, severity, wording); for each there is one
function over plain values.  Nothing here reads git, and no finding ever raises a floor.
"""
