"""The tests of `web.pages`."""
