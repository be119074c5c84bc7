"""From records to places: position, match, merge, compose, and the report about it."""
