"""One SQLite file that holds everything the user makes, and the care that it is never lost."""

from studio.store.database import Database, open_database

__all__ = ["Database", "open_database"]
