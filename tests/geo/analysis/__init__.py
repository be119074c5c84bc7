"""The tests of `geo.analysis`."""
