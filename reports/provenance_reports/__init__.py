"""Measurements on paper: HTML, JSON, CSV, Markdown, badge."""
