"""Readers of OpenStreetMap extracts."""
