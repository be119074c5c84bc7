"""Text: what may be shown, and Italian names and addresses made comparable."""
