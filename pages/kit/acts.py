"""Acts and what they are about as the log and the table of who may do what show them."""

from markupsafe import Markup

from pages.kit.html import escaped, m, user_line
from pages.kit.words import N_, lang, t
from services import log_words
from services.reads.administration import Line

WHO: dict[str, str] = {
    "anyone": N_("anybody"),
    "signed_in": N_("whoever is signed in"),
    "resident": N_("a confirmed resident"),
    "author": N_("its author"),
    "holder": N_("who holds it"),
    "chair_of": N_("the chair of this meeting"),
    "invited": N_("who is invited"),
    "attending": N_("who is at the table"),
    "on_roll": N_("who is on the roll"),
    "executor_of": N_("who carries it out"),
    "supervisor_of": N_("its supervisors"),
    "roll_keeper": N_("who made the roll or its codes"),
    "asked": N_("the homes it asks"),
    "assignee": N_("whose task it is"),
    "owner": N_("who added it"),
    "keeper": N_("who keeps it up"),
    "proposer": N_("whose proposal it is about"),
    "orphaned": N_("nobody, once its author was erased"),
    "executed": N_("who carries it out, or did before"),
    "fellow": N_("who belongs to the firm or body of those who do"),
    "tasked": N_("who has promised a task of it"),
    "self": N_("the person themselves"),
}


def act(name: str) -> str:
    """The words for an act, its name where it has none."""
    return log_words.act(lang(), name)


def about(line: Line) -> Markup:
    """What an act of the log was about, with a link where it has a page, and its facts, in the reader's language."""
    table, _, number = line.subject.partition(":")
    said = user_line(line.known.label if line.known else number)
    if line.known and line.known.path:
        said = m('<a href="{path}" target="_blank">{said}</a>', path=line.known.path, said=said)
    found = [m("{table} {said}", table=log_words.table(lang(), table), said=said)] if table else []
    for name, given in line.facts:
        found.append(user_line(t("{name}: {value}", name=log_words.field(lang(), name), value=log_words.value(lang(), name, given))))
    return m("<span>{found}</span>", found=escaped(t("; ")).join(found))  # one piece: on a phone a cell sets its pieces apart
