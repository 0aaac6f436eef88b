"""Names: whole for neighbours, masked for strangers, and never more than the family name of anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.names import masked, shown


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("李秀英", "李**"), ("王伟", "王*"), ("欧阳春", "欧阳*"), ("欧阳", "欧*"), ("阿", "阿*"), ("John Smith", "J*** S***"),
        ("", ""), ("—", "—"), ("  李秀英 ", "李**"), ("买买提·艾力", "买**"),
    ],
)  # fmt: skip
def test_masks(name: str, seen: str) -> None:
    assert masked(name) == seen


def test_neighbours_see_the_whole_name() -> None:
    assert shown("李秀英", neighbour=True) == "李秀英"
    assert shown("李秀英", neighbour=False) == "李**"


@given(st.text(alphabet=st.sampled_from("李王张秀英建国玉梅"), min_size=2, max_size=4))
def test_a_given_name_is_never_seen(name: str) -> None:
    assert masked(name)[0] == name[0]
    assert set(masked(name)[1:]) == {"*"}
