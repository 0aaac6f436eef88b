"""The command line: finds the commands in services/cli, runs one, and turns every refusal into one line and an exit status."""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from services import clock, logs
from services.cli import UNUSABLE
from services.errors import Refusal, Several, Trouble
from services.settings import settings

COMMANDS = Path(__file__).resolve().parent / "services" / "cli"


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, without repeating the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(UNUSABLE, f"{self.prog}: {message}. See: {self.prog} --help\n")


def commands() -> dict[str, Path]:
    """Name → module file. `import_.py` is the command `import`: the word is Python's own."""
    return {path.stem.rstrip("_"): path for path in sorted(COMMANDS.glob("*.py")) if not path.stem.startswith("_")}


def about(path: Path) -> str:
    """The first line of a command's module, without importing it, so that `--help` is quick."""
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    return first.partition("`: ")[2] or first


def parser(chosen: str | None) -> Parser:
    """All commands by name; only the chosen one is imported and has its arguments."""
    whole = Parser(prog="manage.py", description="Yiqi from the command line. Exit status: 0 done, 1 the answer is no, 2 unusable input.")
    choices = whole.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name, path in commands().items():
        line = about(path)
        one = choices.add_parser(name, help=line, description=line, conflict_handler="resolve")
        if name == chosen:
            module = importlib.import_module(f"services.cli.{path.stem}")
            module.add_arguments(one)
            one.add_argument("--json", action="store_true", help="one JSON document on standard output and nothing else")
            one.set_defaults(run=module.run)
    return whole


def ahead() -> timedelta:
    """How far a demo's clock was moved; the database is imported only when somebody asks for the time."""
    from services import installation

    return installation.ahead()


def main(arguments: list[str]) -> int:
    """Runs one command. Standard error gets at most one line, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    clock.follow(ahead)
    try:
        args = parser(arguments[0] if arguments else None).parse_args(arguments)
        return int(args.run(args))
    except Several as several:
        return refuse(" ".join(str(reason) for reason in several.reasons))
    except (Refusal, Trouble) as refusal:
        return refuse(str(refusal))
    except SystemExit as leaving:  # argparse has printed its line; settings come with theirs
        return refuse(leaving.code) if isinstance(leaving.code, str) else int(leaving.code or 0)
    except BrokenPipeError:  # `| head` has read enough; the interpreter would complain when it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as wrong:
        return refuse(f"{wrong.filename or 'The system'}: {wrong.strerror or wrong}.")
    except KeyboardInterrupt:
        return refuse("Stopped by Ctrl-C.") + 128
    except Exception as fault:  # noqa: BLE001 the last door: the log has the details, the person a number
        return refuse(broken(fault))
    finally:
        if database := sys.modules.get("services.db"):  # `verify` and `recount` do without
            database.let_go()


def broken(fault: Exception) -> str:
    """The line for what nobody expected; its details go to the log in the data folder."""
    from sqlalchemy.exc import OperationalError  # here, because `verify` and `recount` do without a database

    if isinstance(fault, OperationalError) and fault.statement is None:
        return f"The database does not answer: {str(fault.orig).strip().splitlines()[0]}."
    logs.start(screen=False)
    number = logs.bug(fault, "manage.py")
    return f"Something in the program broke ({type(fault).__name__}); {settings().data_dir / 'logs'} has the details under {number}."


def refuse(line: str) -> int:
    """One line on standard error."""
    print(" ".join(line.split()), file=sys.stderr)
    return UNUSABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
