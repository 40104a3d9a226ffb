"""Statements about a measurement that another party can check: signed, salted, reproducible."""
