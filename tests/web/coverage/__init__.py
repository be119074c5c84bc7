"""The tests of `web.coverage`."""
