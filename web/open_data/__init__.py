"""The open data: its page, the catalogue, the feed, and the OGC API."""
