"""The page's entry: routes only. Run it with ``make app`` or ``heat2rack app``."""

import streamlit as st

from ui.home import home

st.set_page_config(page_title="heat2rack", page_icon="⚡", layout="wide")
st.navigation([st.Page(home, title="Reference campus", icon="🏭", url_path="home", default=True)]).run()
