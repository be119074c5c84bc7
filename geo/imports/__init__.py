"""Official files that an operator brings into a data folder: boundaries, residents."""
