"""All other pages, each with its files."""
