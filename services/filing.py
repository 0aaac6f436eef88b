"""A form's draft with its files: the words are kept first, then each file alone, and a refused file costs nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services import drafts, files
from services.actors import Actor
from services.errors import Refusal, gathering, refuse_all
from services.work import Work, do

Upload = tuple[str, bytes]
"""What it is called, and its bytes."""


def keep(
    actor: Actor, *, kind: str, content: dict[str, Any], step: int = 1, uploads: Sequence[Upload] = (),
    check: Callable[[], object] | None = None,
) -> None:
    """Keep the words and the files as the sender's draft.

    Raises all at once, after all that can be kept is kept: why a file cannot, and what `check` finds wrong with the words.
    """
    do(actor, drafts.save, kind=kind, content=content, step=step)
    reasons: list[Refusal] = []
    with gathering(reasons):
        take_in(actor, about=f"draft:{kind}", uploads=uploads)
    if check is not None:
        with gathering(reasons):
            check()
    refuse_all(reasons)


def take_in(actor: Actor, *, about: str, uploads: Sequence[Upload], public: bool = False) -> None:
    """Keep every file that can be kept. Raises all refusals at once, each naming its file."""
    reasons: list[Refusal] = []
    for name, content in uploads:
        with gathering(reasons):
            do(actor, files.add, about=about, name=name, content=content, public=public, once=True)
    refuse_all(reasons)


def forget_sent(work: Work, kind: str, word: str, word_of: Callable[[dict[str, Any]], str]) -> None:
    """Leave nothing of a second press of a form that was sent: neither words nor files. A draft in other words stays.

    `word` as in `once.word`, of what was sent; `word_of` finds it for a draft.
    """
    draft = drafts.find(work, kind)
    if draft is None or word_of(draft.content) == word:
        throw_away(work, kind)


def throw_away(work: Work, kind: str) -> None:
    """Forget the sender's draft of `kind` and the files that were kept with it."""
    files.forget(work, kind=kind)
    drafts.discard(work, kind)
