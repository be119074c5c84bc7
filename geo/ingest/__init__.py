"""From records to places: positions, matching, merging, composing, ids, and the report."""
