"""The other views of the gallery: pieces as the pages of a project, a story and a desk put them together."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from models.vocabulary import Party, Step
from pages.kit import chart_forms as forms
from pages.kit import charts, words
from pages.kit import pieces as p
from pages.kit.html import m, show, user_text
from tests.pages.samples import HALF, either


def notes() -> list[p.StepNote]:
    return [
        p.StepNote(Step.CONCERN, date(2026, 3, 2)),
        p.StepNote(Step.PROPOSAL, date(2026, 3, 9)),
        p.StepNote(Step.DELIBERATION, date(2026, 3, 21)),
        p.StepNote(Step.DECISION, said=either("24 / 38 户", "24 / 38 homes")),
        p.StepNote(Step.NOTICE, said=either("异议 1 条，已采纳", "1 objection, adopted")),
        p.StepNote(Step.SUPERVISION, said=either("5 月 13 日起", "from 13 May")),
        p.StepNote(Step.EVALUATION, said=either("6 月 20 日前", "by 20 June")),
    ]


def project() -> None:
    show(
        p.head(
            either("院内道路改造，还剩 2 步", "Courtyard road: two steps left"),
            p.badge(either("按时", "On time"), p.Tone.OK),
            "P-2026-014",
            either("华亭路 70 号院", "Huating Road 70"),
        )
    )
    with st.container(key="card_steps"):
        show(p.stepper(Step.EXECUTION, notes(), either("施工方", "the builder")))
    left, right = st.columns([1.8, 1])
    rows = [
        forms.GanttRow(
            either("拆旧路面", "Old surface out"), date(2026, 4, 7), date(2026, 4, 11), date(2026, 4, 7), date(2026, 4, 11), "done", "4/12"
        ),
        forms.GanttRow(
            either("埋排水管", "Drains in"), date(2026, 4, 13), date(2026, 4, 21), date(2026, 4, 13), date(2026, 4, 21), "done", "4/22"
        ),
        forms.GanttRow(
            either("铺沥青", "Asphalt"),
            date(2026, 4, 23),
            date(2026, 5, 5),
            date(2026, 4, 23),
            date(2026, 5, 2),
            "done",
            either("早 3 天", "3 days early"),
        ),
        forms.GanttRow(
            either("装晾衣架", "Drying racks"),
            date(2026, 5, 7),
            date(2026, 5, 12),
            date(2026, 5, 4),
            date(2026, 5, 8),
            "running",
            either("离窗 1.5 米", "1.5 m off windows"),
        ),
        forms.GanttRow(
            either("验收", "Acceptance"),
            date(2026, 5, 14),
            date(2026, 5, 16),
            date(2026, 5, 10),
            date(2026, 5, 11),
            "ahead",
            either("监督组 3 人", "3 supervisors"),
        ),
    ]
    with left, st.container(key="card_gantt"):
        title = either("沥青比计划早 3 天铺完", "The asphalt came 3 days early")
        show(p.heading(title))
        twin = forms.gantt_twin(rows, (either("事", "Work"), either("计划", "Plan"), either("实际", "Done"), either("备注", "Remark")))
        charts.chart(charts.Drawing(forms.gantt, (tuple(rows), date(2026, 5, 6))), title, twin, "gantt", public_file="gantt")
    with right, st.container(key="card_money"):
        show(p.heading(either("每 1 元自筹，配套 3 元", "Every yuan pledged brought three")))
        show(
            p.fund_bar(
                [
                    p.FundPart(either("居民自筹", "Residents"), 2130000),
                    p.FundPart(either("配套资金", "Matched"), 6390000, "matched"),
                    p.FundPart(either("社区经费", "Community"), 10120000, "community"),
                ],
                18640000,
                14276000,
            )
        )
    with st.container(key="card_missing"):
        show(p.heading(either("还不能验收，差 2 项", "Not ready for acceptance: two missing")))
        show(
            p.reasons(
                [
                    p.Reason(p.Met.YES, either("排水试水照片 6 张", "6 photos of the drain test")),
                    p.Reason(p.Met.YES, either("监督组到场 4 次", "4 visits")),
                    p.Reason(p.Met.NO, either("晾衣架拉力测试未上传", "rack test not uploaded")),
                    p.Reason(p.Met.NO, either("监督组 3 人，签了 1 人", "1 of 3 signed")),
                ],
                wide=True,
            )
        )


def story() -> None:
    left, right = st.columns([1.9, 1])
    with left:
        show(
            p.head(
                either("院里的路不再积水", "The yard no longer floods"),
                "T-2026-0317",
                either("华亭路 70 号院", "Huating Road 70"),
                either("第一轮", "Round 1"),
                sub=either(
                    "从 3 月 2 日的一句话，到 5 月 12 日铺好，用了 71 天。",
                    "From one sentence on 2 March to the finished road on 12 May: 71 days.",
                ),
            )
        )
        show(
            p.stepper(
                Step.EVALUATION, [p.StepNote(step, date(2026, 3, 2) + timedelta(days=9 * place)) for place, step in enumerate(Step)], ""
            )
        )
        bars = p.choice_bars(
            [
                p.Choice(either("沥青加晾衣架", "Asphalt and racks"), 24, True),
                p.Choice(either("只铺沥青", "Asphalt only"), 9),
                p.Choice(either("铺地砖", "Tiles"), 4),
                p.Choice(either("弃权", "Abstain"), 1),
            ],
            38,
            either("户", "homes"),
            HALF,
        )
        entries = [
            p.StoryEntry(
                date(2026, 3, 2),
                words.word(Step.CONCERN),
                either("“一下雨就积水，推轮椅过不去”", "“Puddles whenever it rains”"),
                either("李师傅用手机提交，22 分钟后网格员答复，当天到场拍照。", "Filed by phone, answered after 22 minutes."),
                either("12 户附议", "12 homes support it"),
            ),
            p.StoryEntry(
                date(2026, 3, 21),
                words.word(Step.DELIBERATION),
                either("铺砖、沥青，还是沥青加晾衣架", "Tiles, asphalt, or asphalt and racks"),
                either("居民代表 9 人、施工方 2 人、社区 2 人到齐。", "Nine residents, two builders, two from the community."),
                more=m(
                    '<p style="display:flex;gap:1.2rem;flex-wrap:wrap">{chips}</p>',
                    chips=m("").join(map(p.party_chip, (Party.RESIDENTS, Party.BUILDER, Party.COMMUNITY))),
                ),
            ),
            p.StoryEntry(
                date(2026, 3, 26),
                words.word(Step.DECISION),
                either("选定“沥青加晾衣架”", "Asphalt and racks it is"),
                either("42 户里 38 户参加，24 户选它，过了半数。", "38 of 42 homes took part, 24 chose it."),
                more=bars,
                kind=p.Moment.DECISION,
            ),
            p.StoryEntry(
                date(2026, 4, 3),
                words.word(Step.NOTICE),
                either("1 条异议，采纳了", "One objection, upheld"),
                either("改为离窗 1.5 米。", "Moved 1.5 m from the windows."),
                quote=user_text(either("晾衣架离一楼窗户太近。", "Too near the windows.")),
            ),
            p.StoryEntry(
                date(2026, 6, 20),
                words.word(Step.EVALUATION),
                either("等住户打分", "Waiting for the ratings"),
                either("收到 35 户，还有 7 户。", "35 in, 7 to come."),
                kind=p.Moment.AHEAD,
            ),
        ]
        show(p.story(entries))
    with right:
        with st.container(key="card_oc"):
            show(
                p.outcome(
                    either("通过", "Adopted"),
                    True,
                    either("沥青加晾衣架", "Asphalt and racks"),
                    either("4 月 4 日生效", "in force on 4 April"),
                )
            )
            show(
                m(
                    '<hr style="border:0;border-top:1px solid var(--line);margin:.2rem 0 .8rem">{r}',
                    r=p.reasons(
                        [
                            p.Reason(p.Met.YES, either("参加 38 / 42 户，要过半", "38 / 42 took part, more than half needed")),
                            p.Reason(p.Met.YES, either("同意 24 / 38 户，要过半", "24 / 38 agreed, more than half needed")),
                        ]
                    ),
                )
            )
        with st.container(key="card_turn"):
            show(
                m(
                    '<p class="q">{now}</p>{chip}',
                    now=either("现在轮到", "Now it is up to"),
                    chip=p.party_chip(Party.RESIDENTS, m('<b class="h2">{who}</b>', who=either("住在这里的 42 户", "the 42 homes here"))),
                )
            )
            st.button(either("去评价", "Rate it"), type="primary", width="stretch")
            show(p.clock(timedelta(days=4, hours=2)))


def desk() -> None:
    show(
        p.head(
            either("3 件已超时，先办这些", "Three are late: these first"), either("9 月 18 日", "18 September"), either("星期五", "Friday")
        )
    )
    stats = [
        p.Stat(either("等首次答复", "Waiting"), "14", either("件", "")),
        p.Stat(either("已超时", "Late"), "3", either("件", ""), late=True, href="?late=1"),
        p.Stat(either("今天到期", "Due today"), "5"),
        p.Stat(either("首次答复，本月中位", "Median answer"), "6.2", either("小时", "hours")),
        p.Stat(either("件件有回音", "Answered"), "98.1", "%", either("612 户评价", "612 ratings")),
    ]
    show(p.stats(stats))
    left, right = st.columns([2, 1])
    with left, st.container(key="card_list"):
        show(
            p.link_list(
                [
                    p.ListRow(
                        "/concern?n=1",
                        either("楼道灯不亮，晚上摸黑上楼", "The stairwell light is out"),
                        [either("华亭路 70 号院", "Huating Road 70"), either("设施", "Facilities"), either("12 人附议", "12 support it")],
                        p.clock(timedelta(minutes=minutes)),
                        either("网格 李师傅", "Grid: Mr Li"),
                    )
                    for minutes in (-430, -125, -20, 100, 545)
                ]
            )
        )
    with right:
        show(p.heading(either("按时办结", "In time"), either("本月", "this month")))
    with st.container(key="card_bars"):
        show(p.heading(either("九成诉求当天就有回音", "Nine in ten answered the same day")))
        rows = (
            forms.Bar(either("收到诉求", "Concerns"), 328),
            forms.Bar(either("24 小时内答复", "Answered in 24 h"), 301, "91.8%"),
            forms.Bar(either("办成", "Done"), 41, either("6 件在办", "6 under way")),
        )
        charts.chart(
            charts.Drawing(forms.bars, (rows,)), "…", charts.Twin([p.Column("a"), p.Column("b", True)], [(r.label, str(r.value)) for r in rows]), "bars"
        )
