"""From a folder of sources to the data folder that everything else reads."""
