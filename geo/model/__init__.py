"""What the data are: kinds, rows and their checks, the immutable dataset, simple queries."""
