"""What the project promises of itself: data, documents, licences, translations."""
