"""`manage.py simulate`: what happens on which day, and what it comes to. docs/simulate.md.

The console's own operations and daily jobs play a scenario in a database of its own and are rolled
back: no second implementation of any rule, and no trace.
"""
