"""The figures: counts, coverage, commons, quality, what is near. Computed from a dataset."""
