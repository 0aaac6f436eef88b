"""Pieces: whatever users wrote stays text, threshold words follow the rule, figures never look like what they are not."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from models.vocabulary import Lateness, Party, Step
from pages.kit import chart_forms as forms
from pages.kit import charts
from pages.kit import pieces as p
from pages.kit.html import block, label, m, nb, show, user_line, user_text
from pages.kit.words import speaking

BITS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea><svg onload=alert(1)>",
    "\"'><iframe src=//evil>",
    "javascript:alert(1)",
    "<a href=//evil>点我</a>",
)
FRAMES = (
    "{}",
    "好{}",
    "{}\n{}",
    "&lt;{}&gt;",
    "<<{}>>",
    "'{}'",
    '"{}"',
    "`{}`",
    "{{{}}}",
    "<!--{}-->",
    "<style>{}</style>",
    "\u202e{}",
    "{}\x00",
    "%3C{}",
    "&#60;{}",
    "<![CDATA[{}]]>",
    "<p{}",
    "<{}",
    "＜{}＞",
    "{0}{0}{0}",
    "![x]({})",
    "[x]({})",
    ":red[{}]",
    "$${}$$",
    "# {}",
    "- [ ] {}",
    "| {} |",
    "<b>{}",
    "</div>{}",
    "</span>{}",
    "<br>{}",
    "\\{}",
    "{}\\",
    "\u2028{}",
    "{} " * 5,
    "<math>{}",
    "<base href={}>",
    "<meta {}>",
    "<form action={}>",
    "<body onload={}>",
    "</style>{}",
    "--{}--",
    "..{}..",
    "//{}",
    "?{}",
    "#{}",
    "data:{}",
    "vbscript:{}",
    "<input value={}>",
    "<object data={}>",
    "<embed src={}>",
)
PAYLOADS = [frame.replace("{}", bit).replace("{0}", bit) for frame, bit in itertools.product(FRAMES, BITS)]
OURS = {
    "div",
    "span",
    "p",
    "b",
    "i",
    "u",
    "s",
    "h1",
    "h2",
    "h3",
    "header",
    "ol",
    "ul",
    "li",
    "small",
    "a",
    "img",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "dl",
    "dt",
    "dd",
    "time",
    "blockquote",
    "br",
}


class Tags(HTMLParser):
    """Which tags and attributes some markup opens."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


BUILDERS: list[Callable[[str], Markup]] = [
    user_text,
    user_line,
    p.badge,
    lambda x: p.party_chip(Party.RESIDENTS, x),
    lambda x: p.head(x, x, x, sub=x),
    lambda x: p.heading(x, x),
    lambda x: p.cells(1, 3, x),
    lambda x: p.qr("https://a.example/" + re.sub(r"\W", "", x)[:40], x),
    lambda x: p.link(x, "/p"),
    lambda x: p.stepper(Step.DECISION, [p.StepNote(Step.CONCERN, said=x)], x),
    lambda x: p.dashes(1, 8, x),
    lambda x: p.proposal_card(p.ProposalCard("/p", x, x, p.badge(x), Step.PROPOSAL, x, x, x, x)),
    lambda x: p.story([p.StoryEntry(x, x, x, x, x, x)]),
    lambda x: p.agenda_strip([x, x], 1),
    lambda x: p.tick_line(x),
    lambda x: p.result_bars([p.ResultBar(x, 1, 2, x, p.Threshold(Fraction(1, 2), True))], x),
    lambda x: p.choice_bars([p.Choice(x, 1)], 2, x, p.Threshold(Fraction(1, 2), False)),
    lambda x: p.outcome(x, True, x, x),
    lambda x: p.quorum([p.QuorumRow(Party.POLICE, 1, 2, 3, x)], x),
    lambda x: p.fund_bar([p.FundPart(x, 100)], 200, 50),
    lambda x: p.fund_bar([p.FundPart(x, 100)], 200, 50, table=False),
    lambda x: p.stats([p.Stat(x, x, x, x)]),
    lambda x: p.reasons([p.Reason(p.Met.NO, x)]),
    lambda x: p.note(x, x, p.Tone.RED),
    p.field_error,
    lambda x: p.line_broken(x, x),
    lambda x: p.empty(x, x),
    lambda x: p.table(x, [p.Column(x), p.Column(x, True)], [(x, x)], foot=(x, x)),
    lambda x: p.facts([(x, x)]),
    lambda x: p.link_list([p.ListRow("/p", x, [x], p.badge(x), x)]),
    lambda x: p.held([(x, timedelta(hours=1))]),
    lambda x: p.receipt(p.Receipt(x, x, "7K3M4821", "https://a.example/v", x, [(x, x)], x)),
    lambda x: p.exports([(x, "/x.csv")]),
    lambda x: charts.legend(("h-diag", x)),
]


def test_there_are_300_payloads() -> None:
    assert len(set(PAYLOADS)) >= 300


@pytest.mark.parametrize("build", BUILDERS, ids=range(len(BUILDERS)))
def test_what_users_wrote_stays_text(build: Callable[[str], Markup]) -> None:
    with speaking("zh-CN"):
        plain = Tags(build("字"))
        for payload in PAYLOADS:
            seen = Tags(block(build(payload), "zh-CN"))
            assert sorted(set(seen.tags)) == sorted({*plain.tags, "div"} | ({"br"} & set(seen.tags))), payload
            assert seen.attributes <= plain.attributes | {"class", "lang"}
            assert not [link for link in seen.links if not link.startswith(("/", "data:image/svg+xml"))]
        assert set(plain.tags) <= OURS


@pytest.mark.parametrize("payload", PAYLOADS[::7])
def test_labels_hold_no_markdown(payload: str) -> None:
    assert re.search(r"(?<!\\)(?:\\\\)*[\[\]()!*_`#$<>:|]", label(payload)) is None


def test_shortcodes_in_labels_stay_words() -> None:
    assert not re.search(r":[\w+/-]+:", label(":smile: :material/check: 10:30").replace("\\", ""))


def test_only_markup_is_shown() -> None:
    with pytest.raises(TypeError):
        show("<b>a</b>")  # type: ignore[arg-type]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.example", "/\\evil", "data:text/html,x", "evil", " /x", "JAVASCRIPT:x"])
def test_links_lead_to_addresses_only(target: str) -> None:
    with pytest.raises(ValueError):
        p.link("x", target)


def test_no_break_between_figure_and_unit() -> None:
    assert nb("第 3 步，共 8 步，3 月 2 日，还剩 9 小时") == "第\u00a03\u00a0步，共 8\u00a0步，3\u00a0月\u00a02\u00a0日，还剩 9\u00a0小时"
    assert block(m('<p title="3 户">{x}</p><textarea>3 户</textarea>', x="3 户"), "zh-CN").count("\u00a0") == 1


@pytest.mark.parametrize(
    ("need", "chinese", "english"),
    [
        (p.Threshold(Fraction(3, 4), True), "至少四分之三", "at least three quarters"),
        (p.Threshold(Fraction(1, 2), False), "过半", "more than half"),
        (p.Threshold(Fraction(1, 2), True), "至少一半", "at least one half"),
        (p.Threshold(Fraction(2, 3), False), "超过三分之二", "more than two thirds"),
        (p.Threshold(Fraction(3, 5), True), "至少60.0%", "at least 60.0%"),
    ],
)
def test_threshold_words_follow_the_rule(need: p.Threshold, chinese: str, english: str) -> None:
    for lang, said in (("zh-CN", chinese), ("en", english)):
        with speaking(lang):
            assert p.threshold_words(need) == said


def test_exactly_the_threshold() -> None:
    """At least three quarters includes the boundary, more than half does not."""
    with speaking("en"):
        at_least = p.result_bar(p.ResultBar("People", 3, 4, "", p.Threshold(Fraction(3, 4), True)))
        more = p.result_bar(p.ResultBar("People", 2, 4, "", p.Threshold(Fraction(1, 2), False)))
    assert '<i class="" ' in at_least and "; reached" in at_least
    assert '<i class="no" ' in more and "; not reached" in more


def test_the_stepper_shows_eight_steps_and_where_we_are() -> None:
    with speaking("zh-CN"):
        notes = [p.StepNote(Step.CONCERN, date(2026, 3, 2)), p.StepNote(Step.EVALUATION, date(2026, 4, 9))]
        shown, done = p.stepper(Step.EXECUTION, notes, "施工方"), p.stepper(Step.EVALUATION, finished=True)
    assert shown.count("<li") == 8 and shown.count('aria-current="step"') == 1 and shown.count('class="d"><s>') == 5
    assert "现在，施工方负责" in shown and "第 6 步，共 8 步" in shown
    assert 'aria-current="step"' not in done and "8 步都走完了" in done and "4 月" not in shown


def test_late_words_and_colours() -> None:
    with speaking("zh-CN"):
        assert [p.lateness_of(timedelta(minutes=minutes)) for minutes in (1, 0, -20, -60, -360)] == [
            Lateness.NONE,
            Lateness.NONE,
            Lateness.BLUE,
            Lateness.YELLOW,
            Lateness.RED,
        ]
        assert 'class="bd wait"' in p.clock(timedelta(hours=9)) and 'class="bd r"' in p.clock(-timedelta(hours=7))
        assert 'class="bd y"' in p.clock(-timedelta(minutes=1), Lateness.YELLOW)


def test_bars_are_read_out_and_many_cells_become_a_bar() -> None:
    with speaking("en"):
        assert p.cells(31, 42).count("<i") == 42 and 'aria-label="31 of 42"' in p.cells(31, 42)
        assert p.cells(31, 61).count("<i") == 1 and 'role="img"' in p.cells(31, 61)
        assert p.seats(2, 3, Party.RESIDENTS).count('class="e"') == 1
        for piece in (p.seats(2, 3), p.fund_bar([p.FundPart("a", 1)], 2, 1), p.result_bar(p.ResultBar("a", 1, 2))):
            assert 'role="img"' in piece and "aria-label=" in piece


def test_the_table_has_scopes_and_a_caption() -> None:
    shown = p.table("By estate", [p.Column("Estate"), p.Column("Homes", True)], [("A", "42")])
    assert shown.count('scope="col"') == 2 and shown.count('scope="row"') == 1 and "<caption" in shown and 'tabindex="0"' in shown


def test_qr_is_dark_on_light_and_has_words() -> None:
    shown = p.qr("https://a.example/v/7K3M", "Scan")
    assert 'alt="Scan"' in shown and "%23fff" in shown and "%2315211d" in shown.lower()


def test_files_of_charts() -> None:
    twin = charts.Twin([p.Column("a"), p.Column("b", True)], [("=cmd()", "-1,200.50"), ("@x", "3")])
    assert charts.csv_file(twin).decode("utf-8-sig").splitlines() == ["a,b", '\'=cmd(),"-1,200.50"', "'@x,3"]


def test_every_chart_draws() -> None:
    rows = (
        forms.GanttRow("铺沥青", date(2026, 4, 23), date(2026, 5, 5), date(2026, 4, 23), date(2026, 5, 2), "done", "早 3 天"),
        forms.GanttRow("验收", date(2026, 5, 14), date(2026, 5, 16)),
    )
    drawings = [
        charts.Drawing(forms.gantt, (rows, date(2026, 5, 6))),
        charts.Drawing(forms.bars, ((forms.Bar("诉求", 328), forms.Bar("答复", 301, "91.8%")),)),
    ]
    for each in drawings:
        light, dark, large = (each.spec("zh-CN", *look) for look in ((1, False), (1, True), (3, False)))
        assert light != dark and light != large and light == each.spec("zh-CN", 1, False)
        for spec in (light, dark, large):
            assert charts.png_file(spec, "早 3 天", "华亭社区").startswith(b"\x89PNG")
    assert "今天" in str(drawings[0].spec("zh-CN", 1, False)) and "Today" in str(drawings[0].spec("en", 1, False))


def test_the_file_of_a_chart_is_the_light_one_whatever_the_page() -> None:
    """What a reader of a dark page takes home is printed on white."""
    spec = charts.Drawing(forms.bars, ((forms.Bar("诉求", 328),),)).spec("zh-CN", 1, False)
    assert charts.LIGHT["brand"] in str(spec) and charts.DARK["brand"] not in str(spec)


def test_what_stands_beside_the_pointer_has_words_of_the_reader() -> None:
    rows = (forms.GanttRow("验收", date(2026, 5, 14), date(2026, 5, 16)),)
    for form, given in ((forms.gantt, (rows, date(2026, 5, 6))), (forms.bars, ((forms.Bar("兰苑", 4.8),), ("小区", "平均分", "户数")))):
        for layer in charts.Drawing(form, given).spec("zh-CN", 1, False)["layer"]:
            hints = layer["encoding"]["tooltip"]
            assert hints == {"value": None} or all(not each["title"].isascii() for each in hints)


def test_no_remark_of_a_bar_is_left_out_however_narrow_the_picture() -> None:
    import vl_convert

    with speaking("en"):
        said = [f"{n} of {n + 2} homes are satisfied" for n in range(40, 44)]
        drawn = charts.themed(forms.bars([forms.Bar(f"Estate {n}", n, words) for n, words in enumerate(said, 1)]), False).to_dict()
    for width in (60, 200, 400, 900):
        picture = vl_convert.vegalite_to_svg(drawn | {"width": width})
        assert all(words in picture for words in said), width


def test_no_two_entries_of_the_menu_share_an_icon() -> None:
    from pages.kit import frame

    icons = [item.icon for item in frame.NAV if item.seen_by is not frame.nobody]
    assert len(icons) == len(set(icons))


def test_a_dot_between_two_facts_stays_with_the_first() -> None:
    assert p.dotted("a", "", "b") == '<span class="dp"><span>a</span><i class="sep" aria-hidden="true"></i></span> <span>b</span>'
