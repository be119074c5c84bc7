"""Between the socket and the pages: cache, limits, logs, and the life of the process."""
