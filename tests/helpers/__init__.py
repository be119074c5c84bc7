"""What tests share: made-up cities, folders of sources, servers, a browser."""
