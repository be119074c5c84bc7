"""Errors worded for the person who can fix them; libraries that may be missing."""
