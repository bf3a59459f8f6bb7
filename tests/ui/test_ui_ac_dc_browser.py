"""The AC-against-DC page in the system's Chromium: no errors, no overlap, quick, and its address restores the view."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from ui.app_path import app_path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="Chromium is not installed (apt install chromium)"
    ),
]
SIZES = ((1280, 800, "light"), (1920, 1080, "dark"))
#: Streamlit first asks for these beside a deep address, and then at the root; no other error is allowed.
ASKS = ("/_stcore/health", "/_stcore/host-config")
#: Milliseconds from a key on the slider to the new numbers in the page. The aim is 300 on a machine with nothing else
#: to do (docs/benchmarks.md); the test only stops a page that became several times slower.
AIM_ms, AT_MOST_ms = 300.0, 2000.0
ARROW = """() => {
  const numbers = () => [...document.querySelectorAll('.h2r')].map(t => t.innerText).join();
  const before = numbers();
  window.took = null;
  const slider = document.querySelector('input[type=range]');
  slider.focus();
  slider.addEventListener('keydown', () => { window.pressed = performance.now(); }, {once: true, capture: true});
  const watch = new MutationObserver(() => {
    if (numbers() !== before) { window.took = performance.now() - window.pressed; watch.disconnect(); }
  });
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot =>
    [...plot.querySelectorAll('.annotation-text')].map(e => [e.textContent, e.getBoundingClientRect()]));
  const bad = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, p] = boxes[i], [b, q] = boxes[j];
    if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1) bad.push([a, b]);
  }
  return bad;
}"""


@pytest.fixture(scope="module")
def address():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app_path()), "--server.headless=true"]
    command += [f"--server.port={port}", "--server.fileWatcherType=none"]
    root = app_path().parent
    env = {**os.environ, "PYTHONPATH": str(root)}
    server = subprocess.Popen(
        command, cwd=root, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(url):
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield found
        found.close()


def _open(browser, address, width=1280, height=800, scheme="light"):
    """The page and the errors that it has told so far; the list goes on filling."""
    page, errors = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme), []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" and not _asks(m) else None)
    page.goto(address)
    page.wait_for_selector(".verdict", timeout=180_000)
    page.wait_for_selector(".js-plotly-plot .annotation-text", timeout=30_000)
    page.wait_for_timeout(1000)
    return page, errors


def _asks(message):
    return str(message.location.get("url", "")).endswith(ASKS)


@pytest.mark.parametrize("width, height, scheme", SIZES)
@pytest.mark.parametrize(
    "query", ["", "?boundary=B&dc=sst&rack=600", "?ac=inverter-double_conversion_legacy&rack=10"]
)
def test_no_errors_no_overlap_nothing_wider_than_the_page(browser, address, width, height, scheme, query):
    page, errors = _open(browser, f"{address}/ac_dc{query}", width, height, scheme)
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(700)
        assert page.get_by_test_id("stException").count() == 0
    ink = page.evaluate("getComputedStyle(document.querySelector('.js-plotly-plot .annotation-text')).fill")
    assert ink == {"light": "rgb(28, 39, 51)", "dark": "rgb(232, 238, 244)"}[scheme]
    assert errors == []
    page.close()


def test_slider_answers_soon(browser, address):
    page, errors = _open(browser, f"{address}/ac_dc")
    took = []
    for _ in range(12):
        page.evaluate(ARROW)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.took !== null", timeout=20_000)
        took.append(page.evaluate("window.took"))
        page.wait_for_timeout(400)
    median = sorted(took)[len(took) // 2]
    print(f"slider to numbers: median {median:.0f} ms, {min(took):.0f} to {max(took):.0f}; aim {AIM_ms:.0f}")
    assert median < AT_MOST_ms
    assert errors == []
    page.close()


def test_address_restores_the_view(browser, address):
    page, _ = _open(browser, f"{address}/ac_dc")
    page.get_by_text("B: same MV grid").click()
    page.wait_for_function("location.search.includes('boundary=B')")
    page.evaluate(ARROW)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.took !== null")
    page.wait_for_function("location.search.includes('rack=134')")
    page.wait_for_timeout(500)
    seen = page.inner_text(".verdict"), page.locator(".h2r").nth(1).inner_text()
    again, _ = _open(browser, page.url)
    assert (again.inner_text(".verdict"), again.locator(".h2r").nth(1).inner_text()) == seen
    again.close()
    page.close()


def test_bad_address_is_answered_in_words(browser, address):
    page, errors = _open(browser, f"{address}/ac_dc?rack=lots&ac=%3Cscript%3E")
    assert page.get_by_test_id("stAlert").count() == 2
    assert page.get_by_test_id("stException").count() == 0
    assert errors == []
    page.close()
