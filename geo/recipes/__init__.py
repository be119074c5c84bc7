"""Recipes: which readers and steps make a city's data folder."""
