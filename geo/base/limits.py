"""How much of a file is taken in: beyond these numbers it is of another kind, or another size."""

MAX_ROWS = 500_000
MAX_PROBLEMS = 100
