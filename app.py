"""The page's entry: routes only. Run it with ``make app`` or ``heat2rack app``."""

import streamlit as st

from ui.ac_dc import ac_dc
from ui.home import home

st.set_page_config(page_title="heat2rack", page_icon="⚡", layout="wide")
PAGES = [
    st.Page(home, title="Reference campus", icon=":material/factory:", url_path="home", default=True),
    st.Page(ac_dc, title="AC against DC", icon=":material/bolt:", url_path="ac_dc"),
]
st.navigation(PAGES, position="top").run()
