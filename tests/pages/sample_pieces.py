"""The first view of the gallery: each piece on a card of its own, in the states it can have."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from models.vocabulary import Party, Step
from pages.kit import pieces as p
from pages.kit import words
from pages.kit.html import h, label, m, show, user_text
from tests.pages.samples import THREE_QUARTERS, either, lab


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
