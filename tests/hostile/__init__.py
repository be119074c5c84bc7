"""Whatever anyone sends or writes, nothing of it runs, steers or stays."""
