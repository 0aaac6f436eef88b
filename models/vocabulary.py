"""Every enum: the glossary in code. Values are stored, spoken of in docs and shown through pages/kit/words.py."""

from enum import StrEnum


class Tier(StrEnum):
    """Where an estate stands: model 示范, improving 提升, basic 完善."""

    MODEL = "model"
    IMPROVING = "improving"
    BASIC = "basic"


class UnitKind(StrEnum):
    HOME = "home"
    SHOP = "shop"
    PARKING = "parking"


class Tie(StrEnum):
    """How a person belongs to a unit; tenants and relatives are not owners (Supreme People's Court, art. 1)."""

    OWNER = "owner"
    RELATIVE = "relative"
    TENANT = "tenant"


class OrganisationKind(StrEnum):
    PROPERTY_COMPANY = "property_company"
    BUILDER = "builder"
    SOCIAL_ORGANISATION = "social_organisation"
    MERCHANT = "merchant"
    GOVERNMENT_OFFICE = "government_office"
    VOLUNTEER_TEAM = "volunteer_team"
    EXPERT_FIRM = "expert_firm"


class BodyKind(StrEnum):
    PARTY_COMMITTEE = "party_committee"
    RESIDENTS_COMMITTEE = "residents_committee"
    OWNERS_COMMITTEE = "owners_committee"
    COUNCIL = "council"
    SUPERVISION_COMMITTEE = "supervision_committee"


class Role(StrEnum):
    """What somebody may do in one community, held by appointment; being a verified resident needs no role."""

    GRID_WORKER = "grid_worker"
    COMMITTEE = "committee"
    CHAIR = "chair"
    OWNERS_COMMITTEE = "owners_committee"
    EXECUTOR = "executor"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Party(StrEnum):
    """In which capacity somebody sits at the table (参与方)."""

    RESIDENTS = "residents"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY_COMPANY = "property_company"
    COMMUNITY = "community"
    EXPERTS = "experts"
    POLICE = "police"
    BUILDER = "builder"
    MERCHANTS = "merchants"


class Category(StrEnum):
    """The five categories of proposals in the field material, and hazards, which only concerns may have."""

    SAFETY = "safety"
    SPACE = "space"
    ENVIRONMENT = "environment"
    SERVICES = "services"
    MUTUAL_HELP = "mutual_help"
    HAZARD = "hazard"


class ConcernStage(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    PROPOSED = "proposed"
    CLOSED = "closed"


class Stage(StrEnum):
    """Where a proposal is; services/rules/lifecycle.py holds the one table of moves."""

    FILED = "filed"
    ENDORSED = "endorsed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DELIBERATING = "deliberating"
    DECIDING = "deciding"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    NOTICE = "notice"
    EXECUTING = "executing"
    INSPECTING = "inspecting"
    EVALUATING = "evaluating"
    CLOSED = "closed"
    KEPT_UP = "kept_up"
    REOPENED = "reopened"


class Step(StrEnum):
    """The eight steps that every stepper shows, in this order."""

    CONCERN = "concern"
    PROPOSAL = "proposal"
    DELIBERATION = "deliberation"
    DECISION = "decision"
    NOTICE = "notice"
    EXECUTION = "execution"
    SUPERVISION = "supervision"
    EVALUATION = "evaluation"


class Move(StrEnum):
    """What takes a proposal from one stage to another."""

    SUBMIT = "submit"
    ENDORSE = "endorse"
    RESUBMIT = "resubmit"
    ACCEPT = "accept"
    RETURN = "return"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CONVENE = "convene"
    OPEN_POLL = "open_poll"
    CANCEL_POLL = "cancel_poll"
    UNDECIDED = "undecided"
    ADOPT = "adopt"
    REJECT = "reject"
    PUBLISH = "publish"
    SEND_BACK = "send_back"
    START = "start"
    COMPLETE = "complete"
    REFUSE_WORKS = "refuse_works"
    ACCEPT_WORKS = "accept_works"
    CLOSE = "close"
    KEEP_UP = "keep_up"
    REOPEN = "reopen"
    NEXT_ROUND = "next_round"


class MeetingState(StrEnum):
    CONVENED = "convened"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AgendaKind(StrEnum):
    BRIEFING = "briefing"
    DISCUSSION = "discussion"
    VOTE = "vote"


class Screen(StrEnum):
    """What the projector shows."""

    LOBBY = "lobby"
    ITEM = "item"
    VOTE = "vote"
    RESULT = "result"
    CLOSING = "closing"


class Side(StrEnum):
    PRO = "pro"
    CON = "con"


class PollMethod(StrEnum):
    YES_NO = "yes_no"
    CHOOSE_ONE = "choose_one"


class PollState(StrEnum):
    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"
    CANCELLED = "cancelled"


class VotesBy(StrEnum):
    """Who has one voice on a roll: a household (any confirmed adult of the home answers for it) or an owner."""

    HOUSEHOLD = "household"
    OWNER = "owner"


class Channel(StrEnum):
    WEB = "web"
    CODE = "code"
    PAPER = "paper"


class NoticeState(StrEnum):
    SHOWN = "shown"
    ENDED = "ended"
    SENT_BACK = "sent_back"


class Ruling(StrEnum):
    """How an objection ends: upheld sends the matter back, adjusted changes a detail within the decision, answered explains."""

    UPHELD = "upheld"
    ADJUSTED = "adjusted"
    ANSWERED = "answered"


class ProjectState(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    ACCEPTED = "accepted"


class Verdict(StrEnum):
    PASSED = "passed"
    REFUSED = "refused"


class FileKind(StrEnum):
    PICTURE = "picture"
    DOCUMENT = "document"


class LetterKind(StrEnum):
    """household: the way in for the adults of a home; renewal: a lost password, handed over in person."""

    HOUSEHOLD = "household"
    RENEWAL = "renewal"


class Lateness(StrEnum):
    NONE = "none"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
