"""The database, by SQLAlchemy Core: SQLite now, PostgreSQL by its URL."""
