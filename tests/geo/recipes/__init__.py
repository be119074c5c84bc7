"""The tests of `geo.recipes`."""
