"""The tests of `geo.model`."""
