"""The web application: turns requests into pages from the answers of `geo`. Computes nothing."""
