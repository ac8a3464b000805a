"""Documents that are taken away: what is on a page, as CSV, XLSX or PDF. R: E9.

`model` says what a document is, the other modules write it. What is in which document is the
pages' affair (pages/papers.py).
"""
