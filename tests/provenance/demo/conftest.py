"""The invented history, written and measured once."""

from __future__ import annotations

import pytest

from provenance.demo.build import Book, build
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.metrics.measurement import Measurement


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Return the book of the invented history."""
    return build(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def measured(book: Book) -> Measurement:
    """Return what the meter says of it."""
    return measure(book.folder, Options()).measurement
