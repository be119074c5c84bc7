"""The pages of coverage: their query, their map data and their files."""
