"""Every widget that our pages use, for the test of Streamlit's own words; our words here are Chinese."""

import altair as alt
import pandas as pd
import streamlit as st

st.set_page_config(layout="wide")
with st.form("form"):
    st.text_input("名字", key="name", max_chars=20)
    st.text_area("想法", key="idea", max_chars=200)
    st.form_submit_button("交上去")
st.text_input("必填", required=True)
st.text_input("密码", type="password")
st.number_input("几户", 1, 5)
st.selectbox("哪里", ["甲", "乙"], index=None)
st.selectbox("哪里，可添", ["甲", "乙"], index=None, accept_new_options=True)
st.multiselect("几项", ["甲", "乙", "丙"])
st.multiselect("选好的", ["甲", "乙", "丙"], default=["甲"])
st.date_input("哪天", value=None)
st.date_input("起止", value=())
st.time_input("几点", value=None)
st.datetime_input("哪天几点", value=None)
st.file_uploader("照片", type=["jpg", "png"])
st.file_uploader("几张照片", accept_multiple_files=True)
st.segmented_control("看哪些", ["全部", "到期"])
st.radio("同意吗", ["同意", "不同意"], index=None)
st.checkbox("我看过了")
st.toggle("大字")
st.feedback("stars")
st.pagination(9, key="page")
st.dataframe(pd.DataFrame({"甲": [1, 2], "乙": ["子", "丑"]}))
st.altair_chart(alt.Chart(pd.DataFrame({"甲": [1, 2]})).mark_bar().encode(x="甲:Q").configure(aria=False), alt="两根柱子")
st.download_button("下载", "x", "x.txt")
st.menu_button("导出", ["表格", "图片"])
st.code("见附件", language=None)
with st.expander("更多"):
    st.write("内容")
with st.popover("筛选"):
    st.write("内容")
st.tabs(["一", "二"])


@st.dialog("确认")
def sure() -> None:
    st.write("要这样办吗？")


if st.button("确认一下"):
    sure()
if st.button("提醒"):
    st.toast("收到了")
st.audio_input("说一段")
