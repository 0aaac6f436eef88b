"""The same without Streamlit: HTML forms, feeds, files."""
