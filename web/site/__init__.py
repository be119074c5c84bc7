"""What every page and template needs: the dataset, languages, labels, addresses, errors."""
