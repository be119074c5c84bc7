"""The geography of a city's quartieri: data, joins, coverage and maps. Knows nothing of Flask."""
