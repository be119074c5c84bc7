"""Readers of Italy's national and regional registers."""
