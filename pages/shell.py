"""The main script of every Streamlit run. No `pages/` lies beside it, so that nothing is found as a page by itself."""

from pages.kit import frame

frame.draw()
