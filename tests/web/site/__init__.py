"""The tests of `web.site`."""
