"""The tests of `geo.spatial`."""
