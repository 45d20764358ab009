"""The page of a batch in a browser: charts are drawn, links work, names are shown as they are, nothing is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reporter.batch.ledger import Run
from reporter.batch.outcome import Outcome
from reporter.batch.summary import write_summary
from reporter.response.interface import Category
from tests.batch.outcomes import AWKWARD, SHOWN, TODAY, quarantined, reported
from tests.layers import find

pytestmark = pytest.mark.services

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SUMS: Final = [(0, "100", Category.BASELINE), (60, "64.5", Category.PR), (120, "40", Category.PR)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find("chromium"), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    outcomes: list[Outcome] = [*(reported(name, SUMS) for name in AWKWARD), quarantined("<b>Q</b>", text="<i>no</i>")]
    for outcome in outcomes:
        for file in outcome.files:
            (folder / file.name).write_text("the draft", "utf-8")
    write_summary(outcomes, folder, run=Run(today=TODAY))
    return folder


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, folder: Path, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto((folder / "summary.html").as_uri())
    yield page
    context.close()


def test_nothing_is_refused_by_the_pages_own_policy(page: Page, complaints: list[str]) -> None:
    page.wait_for_load_state("load")
    assert complaints == []
    assert page.evaluate("getComputedStyle(document.querySelector('.counts')).display") == "flex"  # its style holds


def test_every_bar_and_line_is_seen(page: Page) -> None:
    bars = page.locator("svg.waterfall rect.bar")
    assert bars.count() == len(AWKWARD)
    for bar in bars.all():
        box = bar.bounding_box()
        assert box is not None
        assert box["width"] > 5
        assert box["height"] > 50
    assert page.locator("svg.spider polyline").count() == len(AWKWARD)
    chart = page.locator("svg.spider").bounding_box()
    assert chart is not None
    assert chart["height"] > 200


def test_bars_hang_from_the_line_of_no_change(page: Page) -> None:
    zero = page.locator("svg.waterfall line.zero").bounding_box()
    bar = page.locator("svg.waterfall rect.bar").first.bounding_box()
    assert zero is not None
    assert bar is not None
    assert abs(zero["y"] - bar["y"]) < 2


def test_names_are_shown_as_they_are(page: Page) -> None:
    assert set(page.locator("table.worklist tbody td:nth-child(2)").all_inner_texts()) == SHOWN | {"<b>Q</b>"}
    assert page.locator("table.without tbody td").all_inner_texts()[0] == "<b>Q</b>"
    assert page.locator("table.without i, table.worklist b").count() == 0


def test_links_lead_to_what_they_name(page: Page, folder: Path) -> None:
    link = page.locator("table.worklist a.draft").first
    target = link.get_attribute("href")
    assert target is not None
    assert (folder / target).is_file()
    page.locator("nav a", has_text="Waterfall").click()
    assert page.url.endswith("#waterfall")
    for anchor in page.locator("a").all():
        address = anchor.get_attribute("href") or ""
        assert address.startswith("#") or (folder / address).is_file(), address


def test_nothing_stands_wider_than_the_window(page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_script_in_a_name_would_not_run(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """The policy holds even where escaping would fail."""
    text = (folder / "summary.html").read_text("utf-8")
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(text.replace("</h1>", "</h1><script>document.title='run'</script>", 1), "utf-8")
    page = browser.new_page()
    page.goto(spoilt.as_uri())
    assert page.title() == "Summary of 7 cases"
    page.close()
