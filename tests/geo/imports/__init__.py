"""The tests of `geo.imports`."""
