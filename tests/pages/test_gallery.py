"""The page on which all pieces are looked at stands, in each of its views."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.fixtures.run import ROOT


@pytest.mark.parametrize("view", ["pieces", "project", "story", "desk"])
def test_the_gallery_stands(view: str) -> None:
    at = AppTest.from_file(str(ROOT / "tests/pages/gallery.py"), default_timeout=60)
    at.query_params["view"] = view
    at.context = {"locale": "zh-CN", "timezone": "Asia/Shanghai"}
    at.run()
    assert not at.exception
