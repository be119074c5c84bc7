"""The tests of `geo.maps`."""
