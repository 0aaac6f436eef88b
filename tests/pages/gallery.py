"""All pieces with sample data, to look at: `streamlit run tests/pages/gallery.py`, with ?view=pieces, project, story or desk."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st

from models.vocabulary import Party, Step
from pages.kit import chart_forms as forms
from pages.kit import charts, look, words
from pages.kit import pieces as p
from pages.kit.html import h, label, m, show, user_text

st.set_page_config(layout="wide")
st.html(look.sheet(words.size()))
ZH = words.lang() == "zh-CN"
THREE_QUARTERS, HALF = p.Threshold(Fraction(3, 4), True), p.Threshold(Fraction(1, 2), False)


def either(chinese: str, english: str) -> str:
    return chinese if ZH else english


def lab(text: str) -> None:
    show(m('<p class="q">{text}</p>', text=text))


def pieces() -> None:
    left, middle, right = st.columns(3)
    with left:
        with st.container(key="card_clocks"):
            lab(either("时钟：字 + 形 + 色", "Clocks: word, shape, colour"))
            show(
                h(
                    '<p style="display:flex;flex-wrap:wrap;gap:.5rem">{all}</p>',
                    all=m("").join(p.clock(timedelta(minutes=each)) for each in (545, -20, -125, -430)),
                )
            )
            lab(either("结论", "Outcomes"))
            said = [
                (either("通过", "Adopted"), p.Tone.OK),
                (either("没通过", "Not adopted"), p.Tone.NO),
                (either("等表决", "To be voted"), p.Tone.WAIT),
                (either("不足法定人数", "No quorum"), p.Tone.PLAIN),
            ]
            show(h('<p style="display:flex;flex-wrap:wrap;gap:.5rem">{all}</p>', all=m("").join(p.badge(*each) for each in said)))
            lab(either("参与方", "Parties"))
            show(h('<p style="display:flex;flex-wrap:wrap;gap:.5rem 1.2rem">{all}</p>', all=m("").join(map(p.party_chip, Party))))
        with st.container(key="card_quorum"):
            lab(either("到会人数", "Who is there"))
            rows = [
                p.QuorumRow(Party.RESIDENTS, 7, 5, 9),
                p.QuorumRow(Party.OWNERS_COMMITTEE, 2, 2, 3),
                p.QuorumRow(Party.PROPERTY_COMPANY, 0, 1, 2),
            ]
            show(p.quorum(rows, either("物业来 1 位就能开会。", "One from the property company and we start.")))
        with st.container(key="card_card"):
            lab(either("提案卡", "Proposal card"))
            show(
                p.proposal_card(
                    p.ProposalCard(
                        "/proposal?n=402",
                        "T-2026-0402",
                        either("给小花园添两把带扶手的椅子", "Two chairs with arms for the garden"),
                        p.badge(either("议事中", "Deliberating")),
                        Step.DELIBERATION,
                        either("梧桐里", "Wutong Lane"),
                        words.money(186000),
                        either("34 户附议", "34 homes support it"),
                        either("6 月 3 日开会", "meets on 3 June"),
                    )
                )
            )
        with st.container(key="card_receipt"):
            show(
                p.receipt(
                    p.Receipt(
                        either("您的票收到了", "Your vote is in"),
                        either("5 月 16 日 10:24:09", "16 May, 10:24:09"),
                        "7K3M4821",
                        "https://yiqi.example/verify/7K3M4821",
                        either(
                            "扫码能查到这张票已经计入。回执不写您投给了谁。",
                            "Scan it to see that this ballot is counted. It does not say how you voted.",
                        ),
                        [
                            ("10:29", either("截止，现场揭晓", "closes, revealed here")),
                            (words.day(date(2026, 5, 17)), either("公示 7 天，可以提异议", "7 days' notice, objections open")),
                        ],
                    )
                )
            )
    with middle:
        with st.container(key="card_result"):
            lab(either("没通过，也说清楚", "Not adopted, and why"))
            show(p.outcome(either("没通过", "Not adopted"), False, either("5 号楼加装电梯", "A lift for block 5")))
            rows2 = [
                p.ResultBar(either("人数", "People"), 24, 31, "", THREE_QUARTERS),
                p.ResultBar(either("面积", "Area"), Decimal("1998"), 2716, "m²", THREE_QUARTERS),
            ]
            show(
                p.result_bars(
                    rows2, either("人数够了，面积差 1.5 个点，所以没通过。", "Enough people, but 1.5 points short by area: not adopted.")
                )
            )
        with st.container(key="card_why"):
            lab(either("为什么还不能点", "Why not yet"))
            show(
                p.reasons(
                    [
                        p.Reason(p.Met.YES, either("提案写全了", "The proposal is complete")),
                        p.Reason(p.Met.NO, either("附议 7 户，要满 10 户", "7 homes support it; it needs 10")),
                        p.Reason(p.Met.WAIT, either("公示到 6 月 3 日", "on notice until 3 June")),
                    ]
                )
            )
            st.button(either("交给议事会", "Send to the council"), disabled=True, width="stretch")
        with st.container(key="card_empty"):
            lab(either("空页", "Empty"))
            show(
                p.empty(
                    either("这里还没有提案", "No proposals yet"),
                    either("想到什么就写一句，三分钟能写完。", "Write one sentence; it takes three minutes."),
                )
            )
            st.button(either("写一个提案", "Write a proposal"), type="primary", width="stretch")
        with st.container(key="card_cells"):
            show(
                h('<p class="big2"><b>31</b> / 42</p>{cells}', cells=p.cells(31, 42)),
                p.seats(80, 120),
                p.held([(either("收件箱", "Inbox"), timedelta(hours=22, minutes=20)), (either("网格", "Grid"), timedelta(hours=6))]),
            )
            show(
                p.agenda_strip(
                    [
                        either(a, b)
                        for a, b in (
                            ("签到", "Arrive"),
                            ("通报", "Brief"),
                            ("发言", "Speak"),
                            ("表决", "Vote"),
                            ("揭晓", "Reveal"),
                            ("分工", "Tasks"),
                        )
                    ],
                    3,
                )
            )
    with right:
        with st.container(key="card_error"):
            lab(either("哪里不对，就写在哪里", "What is wrong stands where it is"))
            st.text_input(either("手机号", "Phone"), "1380013800")
            show(p.field_error(either("少了 1 位，应是 11 位数字", "One digit short; it takes 11")))
            show(
                p.note(
                    either("没有交上去，您写的都还在。", "Not sent. Your words are kept."),
                    either("网络断了。连上网再点一次。", "Try again when online."),
                    p.Tone.RED,
                )
            )
            show(p.note(either("3 人说过同一件事", "Three people said the same"), tone=p.Tone.OK))
            show(p.note(either("先看一看", "Have a look"), either("这一页只给工作人员。", "Staff only.")))
        with st.container(key="card_line"):
            lab(either("大屏断线", "Broken line"))
            show(p.line_broken(either("线路断了", "Line broken"), either("停在 10:26:31", "at 10:26:31")))
        with st.container(key="card_fund"):
            lab(either("资金：计划、认筹、配套、支出", "Money: plan, pledged, matched, spent"))
            show(
                p.fund_bar(
                    [p.FundPart(either("认筹", "Pledged"), 5380000), p.FundPart(either("配套", "Matched"), 12500000, "matched")],
                    22400000,
                    6944000,
                    table=False,
                )
            )
        with st.container(key="card_text"):
            lab(either("用户写的字", "What users wrote"))
            show(
                m(
                    '<p class="sub">{text}</p>',
                    text=user_text("<script>alert(1)</script>\n**粗** :red[红] ![x](http://evil/x.png) \u202etxt.exe"),
                )
            )
            st.checkbox(label(":red[假徽章] :material/check: **x** [点我](http://evil)"))
            show(p.facts([(either("编号", "Number"), "T-2026-0402"), (either("地点", "Place"), either("梧桐里", "Wutong Lane"))]))
        with st.container(key="card_table"):
            columns = [p.Column(either("小区", "Estate")), p.Column(either("户", "Homes"), True), p.Column(either("元", "Yuan"), True)]
            show(
                p.table(
                    either("各小区", "By estate"),
                    columns,
                    [
                        (either("华亭路 70 号院", "Huating Road 70"), "42", "178,420.00"),
                        (either("梧桐里", "Wutong Lane"), "31", "7,980.00"),
                    ],
                    shown=True,
                    foot=(either("合计", "Total"), "73", "186,400.00"),
                )
            )
            show(p.exports([("CSV", "/x.csv"), ("XLSX", "/x.xlsx")]))


NOTES = [
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
        show(p.stepper(Step.EXECUTION, NOTES, either("施工方", "the builder")))
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
        charts.chart(forms.gantt(rows, date(2026, 5, 6)), title, twin, "gantt", public_file="gantt")
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
        with st.container(key="card_db"):
            show(p.heading(either("改造后都更满意，兰苑升得最少", "All are happier"), either("5 分制", "out of 5")))
            pairs = [
                forms.Pair(either("华亭路", "Huating"), 2.9, 4.7),
                forms.Pair(either("梧桐里", "Wutong"), 3.1, 4.5),
                forms.Pair(either("兰苑", "Lanyuan"), 3.3, 3.1),
            ]
            charts.chart(
                forms.dumbbell(pairs),
                "…",
                charts.Twin(
                    [p.Column("a"), p.Column("b", True), p.Column("c", True)], [(r.label, str(r.before), str(r.after)) for r in pairs]
                ),
                "db",
            )
    with st.container(key="card_bars"):
        show(p.heading(either("九成诉求当天就有回音", "Nine in ten answered the same day")))
        rows = [
            forms.Bar(either("收到诉求", "Concerns"), 328),
            forms.Bar(either("24 小时内答复", "Answered in 24 h"), 301, "91.8%"),
            forms.Bar(either("办成", "Done"), 41, either("6 件在办", "6 under way")),
        ]
        charts.chart(
            forms.bars(rows), "…", charts.Twin([p.Column("a"), p.Column("b", True)], [(r.label, str(r.value)) for r in rows]), "bars"
        )
    with st.container(key="card_th"):
        share_rows = [
            forms.ShareBar(either("人数", "People"), Fraction(24, 31)),
            forms.ShareBar(either("面积", "Area"), Fraction(1998, 2716), False),
        ]
        charts.chart(
            forms.bars_with_threshold(share_rows, THREE_QUARTERS),
            "…",
            charts.Twin([p.Column("a"), p.Column("b", True)], [(r.label, words.share(r.share)) for r in share_rows]),
            "th",
        )


{"pieces": pieces, "project": project, "story": story, "desk": desk}[st.query_params.get("view", "pieces")]()
