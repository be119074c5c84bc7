"""The tests of `web.maps`."""
