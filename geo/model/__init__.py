"""What the data are: kinds, rows and their checks, the immutable dataset and simple queries of it."""
