"""Finding: what is near a point, and the search box."""
