"""Ready: queries that pages ask again and again, written once and read as the driver gives them."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import CompoundSelect, Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError

Asked = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
_Process = Callable[[Any], Any]


class Ready:
    """A query of columns whose words, parameters and types are worked out once for each database.

    SQLAlchemy works them out of its cache for each call: a look at one row by number takes .19 ms
    of CPU, and this .07 (a publication with its article and outlet, 42 columns, SQLite; interleaved).
    """

    def __init__(self, query: Asked) -> None:
        self.query: Final = query
        self._written: dict[str, Written] = {}

    def rows(self, connection: Connection, values: Mapping[str, object]) -> Sequence[Any]:
        """All rows, with their columns' names; ``values`` are those of the names that the query binds.

        Raises:
            DBAPIError: the database refuses.
        """
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:  # two threads may write it, both the same
            written = self._written[dialect.name] = Written(self.query, dialect)
        return written.rows(connection, values)


class Written:
    """A query in the words of one database."""

    def __init__(self, query: Asked, dialect: Dialect) -> None:
        self._words = query.compile(dialect=dialect)
        self._dialect = dialect
        self._given = {name: _bind(bound.type, dialect) for name, bound in self._words.binds.items()}
        own = {name: bound.value for name, bound in self._words.binds.items() if not bound.required}
        self._own = self._bound(own)
        columns = query.selected_columns
        self._row = _named(columns.keys())
        processes = [_result(column.type, dialect) for column in columns]
        self._read = [(at, process) for at, process in enumerate(processes) if process]

    def rows(self, connection: Connection, values: Mapping[str, object]) -> list[Any]:
        """All rows; raises DBAPIError."""
        words, given = self.told(self._own | self._bound(values))
        cursor = connection.connection.cursor()
        try:
            cursor.execute(words, given)
            found = cursor.fetchall()
        except self._dialect.loaded_dbapi.Error as error:
            mistakes = self._dialect.loaded_dbapi.Error
            raise DBAPIError.instance(words, None, error, mistakes, dialect=self._dialect) from error
        finally:
            cursor.close()
        return list(map(self._made, found))

    def told(self, values: dict[str, Any]) -> tuple[str, Any]:
        """The words that the driver gets with these values, and the values as it takes them."""
        words = self._words
        if words.post_compile_params:  # lists, which have as many places as values
            told = words.construct_expanded_state(values)
            return told.statement, told.positional_parameters if words.positional else told.parameters
        names = words.positiontup
        return words.string, values if names is None else tuple(values[name] for name in names)

    def _bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the driver takes them."""
        bound = dict(values)
        for name, value in values.items():
            if process := self._given[name]:
                bound[name] = [process(each) for each in value] if isinstance(value, list) else process(value)
        return bound

    def _made(self, values: Sequence[Any]) -> Any:
        row = list(values)
        for at, process in self._read:
            row[at] = process(row[at])
        return self._row._make(row)


def _named(columns: Sequence[str]) -> Any:
    """The type of rows with these columns."""
    return namedtuple("Row", columns, rename=True)  # noqa: PYI024 - its fields are known when it runs


def _bind(kind: Any, dialect: Dialect) -> _Process | None:
    process: _Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _result(kind: Any, dialect: Dialect) -> _Process | None:
    process: _Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process
