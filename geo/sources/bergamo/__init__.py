"""Bergamo's own sources, and the facts about Bergamo that no rule can know."""
