"""Changes one thing at a time in the rules; does a test mind? `python -m tests.mutation`."""
