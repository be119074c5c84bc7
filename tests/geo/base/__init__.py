"""The tests of `geo.base`."""
