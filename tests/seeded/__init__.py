"""Plausible mistakes, one a patch, and whether the tests see them: `python -m tests.seeded`."""
