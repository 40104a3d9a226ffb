"""Fitting the stage weights from labelled repositories."""
