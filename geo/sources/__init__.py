"""Readers of sources, one per format: each returns records with their references."""
