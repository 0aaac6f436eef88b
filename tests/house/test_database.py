"""One place commits; pages know no SQL and catch nothing; statements that pass the community by stand in named places."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, dotted, modules, nothing, under

COMMITS = ("services/work.py", "services/schema.py", "migrations/")
# The two doors turn refusals into words; nothing else in the pages catches anything.
DOORS = ("pages/plain/door.py", "pages/kit/door.py")
# Where text() or Core tables are needed, each for its reason: the scoping by community does not reach them.
CORE = {
    "services/db.py": "pragmas, BEGIN IMMEDIATE, the list of scoped tables",
    "services/schema.py": "the lock of an upgrade",
    "services/audit.py": "the log's own rows: written in every transaction, each under its community's key",
    "services/messages.py": "whether a person was erased: asked by their id, of everybody of an estate in turn",
    "services/backup.py": "the revision and the copy of the whole database",
    "services/doctor.py": "pragmas, versions and the checks of the database itself",
}
SQL_NAMES = {"select", "Session", "sessionmaker", "create_engine"}


def commits(module: Module) -> list[str]:
    calls = (call for call in module.calls() if isinstance(call.func, ast.Attribute) and call.func.attr == "commit")
    return [f"{module.at(call)} commits" for call in calls if not module.path.startswith(COMMITS)]


def sql_in_page(module: Module) -> list[str]:
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Try | ast.TryStar) and node.handlers and module.path not in DOORS:
            found.append(f"{module.at(node)} catches; the doors do that")
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            last = node.func.attr if isinstance(node.func, ast.Attribute) else name
            if name in SQL_NAMES or last in {"exec", "execute", "exec_driver_sql", "scalars"}:
                found.append(f"{module.at(node)} calls {name or last}()")
        if isinstance(node, ast.Name) and node.id == "Session":
            found.append(f"{module.at(node)} names Session")
    return found


def core_sql(module: Module) -> list[str]:
    if module.path in CORE or module.path.startswith("migrations/"):
        return []
    found = []
    for name, node in module.imports():
        if name.startswith(("sqlalchemy.", "sqlmodel.")) and name.rpartition(".")[2] in {"text", "table", "Table"}:
            found.append(f"{module.at(node)} imports {name}")
    named = {node.value for node in ast.walk(module.tree) if isinstance(node, ast.Attribute) and node.attr == "name"}  # `.__table__.name`
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"exec_driver_sql", "__table__"} and node not in named:
            found.append(f"{module.at(node)} uses {node.attr}")
        if isinstance(node, ast.Call) and dotted(node.func) in {"sqlalchemy.text", "sa.text", "sqlmodel.text"}:
            found.append(f"{module.at(node)} calls text()")
        if isinstance(node, ast.Attribute) and node.attr == "tables" and dotted(node.value).endswith("metadata"):
            found.append(f"{module.at(node)} takes tables from the metadata")
    return found


def test_one_place_commits() -> None:
    nothing([line for module in modules() for line in commits(module)])


def test_pages_know_no_sql() -> None:
    nothing([line for module in under("pages/") for line in sql_in_page(module)])


def test_statements_that_pass_the_community_by_stand_in_named_places() -> None:
    nothing([line for module in under("models/", "services/", "pages/", "app.py", "manage.py") for line in core_sql(module)])


def test_the_named_places_exist() -> None:
    nothing(sorted({*CORE, *DOORS, *COMMITS[:2]} - {module.path for module in modules()}))


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (commits, "services/polls.py", "def cast(work):\n    work.db.commit()"),
        (commits, "pages/home.py", "db.commit()"),
        (sql_in_page, "pages/home.py", "try:\n    pass\nexcept ValueError:\n    pass"),
        (sql_in_page, "pages/home.py", "rows = select(Poll)"),
        (sql_in_page, "pages/home.py", "rows = db.exec(statement)"),
        (sql_in_page, "pages/kit/frame.py", "def f(db: Session): ..."),
        (core_sql, "services/polls.py", "from sqlalchemy import text"),
        (core_sql, "services/polls.py", "import sqlalchemy as sa\nsa.text('select 1')"),
        (core_sql, "services/reads/board.py", "rows = db.execute(Poll.__table__.select())"),
        (core_sql, "services/polls.py", "connection.exec_driver_sql('DELETE FROM poll')"),
        (core_sql, "services/polls.py", "Stored.metadata.tables['poll']"),
    ],
)
def test_a_wrong_sample_is_found(check, path, text) -> None:  # type: ignore[no-untyped-def]
    assert check(Module.of(path, text))


def test_right_samples_are_left_alone() -> None:
    assert commits(Module.of("services/work.py", "db.commit()")) == []
    assert sql_in_page(Module.of("pages/kit/door.py", "try:\n    pass\nexcept Refusal:\n    pass")) == []
    assert core_sql(Module.of("services/audit.py", "name = row.__table__.name")) == []
    assert core_sql(Module.of("services/reads/board.py", "rows = db.exec(select(Poll).where(Poll.id == key))")) == []
