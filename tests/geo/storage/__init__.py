"""The tests of `geo.storage`."""
