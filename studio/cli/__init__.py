"""`sprout`: the second client of the service layer."""

from studio.cli.main import main

__all__ = ["main"]
