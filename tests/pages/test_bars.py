"""Bars in large type."""

from __future__ import annotations

import re

from pages.kit import chart_forms as forms
from pages.kit import charts


def test_in_large_type_a_bar_has_the_whole_width_under_its_figure() -> None:
    import vl_convert

    drawing = charts.Drawing(forms.bars, ((forms.Bar("华亭路 70 号院", 4.8, "41 / 43 户满意"), forms.Bar("兰苑", 2.4, "3 / 9 户满意")),))
    small, large = (vl_convert.vegalite_to_svg(drawing.spec("zh-CN", type_size, False) | {"width": 270}) for type_size in (1, 3))
    widths = [max(float(each) for each in re.findall(r'<path d="M2,0L([\d.]+),0C', drawn)) for drawn in (small, large)]
    assert widths[1] > 240 > 160 > widths[0], widths
    assert all(words in large for words in ("4.8  华亭路 70 号院", "41 / 43 户满意", "2.4  兰苑"))
