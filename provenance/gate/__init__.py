"""Policy for CI: thresholds on measured figures, compared on integers, one verdict."""
