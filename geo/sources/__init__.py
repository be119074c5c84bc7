"""Readers of foreign formats, one per source: each hands on records with where they come from."""
