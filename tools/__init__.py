"""What maintainers run: lists of licences and parts, and scripts that find Python or a browser."""
