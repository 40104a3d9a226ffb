"""The code-provenance meter: measures, stores, judges; prints nothing."""

__version__ = "0.1.0"

__all__ = ["__version__"]
