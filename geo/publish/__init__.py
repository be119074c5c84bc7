"""What leaves the app: files, open data, the catalogue, the printed sheet, reports."""
