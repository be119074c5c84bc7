"""The tests of `geo.text`."""
