"""Weigh the signs of one commit into one attribution, and say why."""
