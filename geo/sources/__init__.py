"""One reader per source: each turns a foreign format into our records, with provenance."""
