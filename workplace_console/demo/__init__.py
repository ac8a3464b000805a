"""Demo data, lived through the operations and the daily jobs (docs/demo.md)."""

from workplace_console.demo.story import PASSWORD, is_loaded, load, sign_ins

__all__ = ["PASSWORD", "is_loaded", "load", "sign_ins"]
