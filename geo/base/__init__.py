"""Errors for the person who can fix them, limits of files, libraries that may be missing."""
