"""The tests of `geo.sources`."""
