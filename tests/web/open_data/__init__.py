"""The tests of `web.open_data`."""
