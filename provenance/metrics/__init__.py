"""Counts to figures: stock, flow, bounds, self-written, generations."""
