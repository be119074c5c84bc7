"""The tests of `geo.publish`."""
