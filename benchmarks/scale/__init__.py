"""`make bench`: how our code stands between the limit and the usual way. See ../README.md."""
