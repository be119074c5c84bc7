"""The tests of `geo.ingest`."""
