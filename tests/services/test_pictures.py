"""The pictures of docs/images show pages as they are told now.

To draw them anew: `make pictures`, then look at each before it is committed.
"""

from pathlib import Path

import pytest

from tests.gates import run
from tests.template_sets import SHIPPED
from tools.pictures import IMAGES, PICTURES, drawn, words_in


def test_every_shipped_set_has_its_picture() -> None:
    assert sorted(picture.template for picture in PICTURES.values()) == SHIPPED
    shown = "".join(
        Path(page).read_text("utf-8") for page in (IMAGES.parent / "templates.md", IMAGES.parents[1] / "README.md")
    )
    assert all(f"images/{name}.png" in shown for name in PICTURES)


@pytest.mark.services
@pytest.mark.tools
def test_the_pictures_show_what_is_told_now(tmp_path: Path) -> None:
    if "Carlito" not in run("fc-list").stdout:
        pytest.skip("the font Carlito is not installed")
    now = {name: words_in(png) for name, png in drawn(tmp_path).items()}
    assert now == {name: words_in((IMAGES / f"{name}.png").read_bytes()) for name in PICTURES}
    assert all("DRAFT" in words or "ENTWURF" in words for words in now.values())
