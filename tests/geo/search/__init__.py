"""The tests of `geo.search`."""
