"""The invented pipeline, measured at its head and at an earlier release."""

from __future__ import annotations

from pathlib import Path

import pytest

from worlds import keyring, pipeline
from worlds.signed import Signed, sign


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the invented pipeline; tests only read it."""
    return pipeline.build(tmp_path_factory.mktemp("worlds") / "trainwright").folder


@pytest.fixture(scope="session")
def signed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """Return what a lab signs about the head."""
    folder = tmp_path_factory.mktemp("signed")
    return sign(repository, folder / "cache", keyring.pem(folder))


@pytest.fixture(scope="session")
def earlier(signed: Signed, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """Return what the same lab signs about an earlier release, with the same key."""
    cache = tmp_path_factory.mktemp("earlier")
    return sign(repository, cache / "cache", signed.key, at="v0.1.0")
