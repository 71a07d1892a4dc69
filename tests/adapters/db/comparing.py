"""What of the tables a database of one kind has."""

from collections.abc import Callable
from typing import Any

from workstation.adapters.db.tables import ONLY


def there(dialect: str) -> Callable[..., bool]:
    """Return Alembic's `include_object`: some indexes are in one of the databases only."""

    def include(what: Any, _name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
        return bool(what.info.get(ONLY, dialect) == dialect)

    return include
