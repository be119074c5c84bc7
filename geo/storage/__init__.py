"""Bytes on disk: one consistent read, atomic writes, strict JSON. Knows no schema."""
