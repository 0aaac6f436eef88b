"""All pieces under one name: `from pages.kit import pieces as p`; each returns escaped markup for `show`."""

from pages.kit.marks import (
    Tone as Tone,
)
from pages.kit.marks import (
    address as address,
)
from pages.kit.marks import (
    badge as badge,
)
from pages.kit.marks import (
    bar as bar,
)
from pages.kit.marks import (
    cells as cells,
)
from pages.kit.marks import (
    clock as clock,
)
from pages.kit.marks import (
    day_clock as day_clock,
)
from pages.kit.marks import (
    dot as dot,
)
from pages.kit.marks import (
    dotted as dotted,
)
from pages.kit.marks import (
    icon as icon,
)
from pages.kit.marks import (
    late as late,
)
from pages.kit.marks import (
    late_words as late_words,
)
from pages.kit.marks import (
    lateness_of as lateness_of,
)
from pages.kit.marks import (
    link as link,
)
from pages.kit.marks import (
    party_chip as party_chip,
)
from pages.kit.marks import (
    party_class as party_class,
)
from pages.kit.marks import (
    party_letter as party_letter,
)
from pages.kit.marks import (
    per_cent as per_cent,
)
from pages.kit.marks import (
    qr as qr,
)
from pages.kit.marks import (
    seats as seats,
)
from pages.kit.results import (
    Choice as Choice,
)
from pages.kit.results import (
    FundPart as FundPart,
)
from pages.kit.results import (
    QuorumRow as QuorumRow,
)
from pages.kit.results import (
    ResultBar as ResultBar,
)
from pages.kit.results import (
    Threshold as Threshold,
)
from pages.kit.results import (
    choice_bars as choice_bars,
)
from pages.kit.results import (
    fund_bar as fund_bar,
)
from pages.kit.results import (
    outcome as outcome,
)
from pages.kit.results import (
    quorum as quorum,
)
from pages.kit.results import (
    result_bar as result_bar,
)
from pages.kit.results import (
    result_bars as result_bars,
)
from pages.kit.results import (
    seal as seal,
)
from pages.kit.results import (
    telling_share as telling_share,
)
from pages.kit.results import (
    threshold_words as threshold_words,
)
from pages.kit.stages import (
    Moment as Moment,
)
from pages.kit.stages import (
    ProposalCard as ProposalCard,
)
from pages.kit.stages import (
    StepNote as StepNote,
)
from pages.kit.stages import (
    StoryEntry as StoryEntry,
)
from pages.kit.stages import (
    agenda_strip as agenda_strip,
)
from pages.kit.stages import (
    dashes as dashes,
)
from pages.kit.stages import (
    proposal_card as proposal_card,
)
from pages.kit.stages import (
    stepper as stepper,
)
from pages.kit.stages import (
    story as story,
)
from pages.kit.stages import (
    tick_line as tick_line,
)
from pages.kit.tables import (
    Column as Column,
)
from pages.kit.tables import (
    ListRow as ListRow,
)
from pages.kit.tables import (
    Met as Met,
)
from pages.kit.tables import (
    Reason as Reason,
)
from pages.kit.tables import (
    Receipt as Receipt,
)
from pages.kit.tables import (
    Stat as Stat,
)
from pages.kit.tables import (
    empty as empty,
)
from pages.kit.tables import (
    exports as exports,
)
from pages.kit.tables import (
    facts as facts,
)
from pages.kit.tables import (
    field_error as field_error,
)
from pages.kit.tables import (
    grouped as grouped,
)
from pages.kit.tables import (
    head as head,
)
from pages.kit.tables import (
    heading as heading,
)
from pages.kit.tables import (
    held as held,
)
from pages.kit.tables import (
    line_broken as line_broken,
)
from pages.kit.tables import (
    link_list as link_list,
)
from pages.kit.tables import (
    list_row as list_row,
)
from pages.kit.tables import (
    note as note,
)
from pages.kit.tables import (
    reasons as reasons,
)
from pages.kit.tables import (
    receipt as receipt,
)
from pages.kit.tables import (
    stats as stats,
)
from pages.kit.tables import (
    table as table,
)
