"""Geometry of the charts; the drawing itself is in the templates."""
