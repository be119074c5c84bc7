"""Errors worded for the person who can fix them, and libraries that may be missing. Imports nothing of ours."""
