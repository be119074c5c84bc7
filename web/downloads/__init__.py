"""A table, a layer or a map as a file: formats, names, credits."""
