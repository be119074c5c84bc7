"""Finds a place, a street, a quartiere or a network by what people type."""
