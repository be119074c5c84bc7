"""The tests of `web.server`."""
