"""Text: safe characters and links, and Italian names and addresses in comparable form."""
