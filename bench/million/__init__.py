"""A database as large as the country's could be: drawn by lot from a seed, the same each time, and consistent with the law."""
