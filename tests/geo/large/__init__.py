"""The tests of `geo.large`."""
