"""Disclosed figures against measured ones: a verdict per claim and reading.

``read`` takes a disclosure file apart, ``judge`` holds it against a measurement.  Every
verdict depends on integers only; nothing here knows git, rules or paper.
"""
