"""Steps from records to places that only Italian registers need."""
