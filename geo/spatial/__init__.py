"""Geometry and the mathematics of access, on frames and arrays. Never sees a dataset."""
