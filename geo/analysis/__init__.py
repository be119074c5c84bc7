"""Figures computed from a dataset: counts, coverage, commons, quality, places near a point."""
