"""The tests of `web.find`."""
