"""What a map shows: as a Folium script, as JSON layers, or as a picture."""
