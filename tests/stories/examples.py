"""The rendered example of each shipped template set.

`python -m tests.stories.examples` writes them anew; read them aloud before they are committed.
"""

import contextlib
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from reporter.cli.main import main
from tests.stories.story import SAMPLES
from tests.template_sets import ROOT, SHIPPED

STORY: Final = SAMPLES / "mixed-two-sites-node"
_MADE_WITH: Final = re.compile(
    r"(Drafted with|Entwurf erstellt mit)\s+reporter\s+\S+,\s+(template|Vorlage)\s+(\S+)\s+\S+\s+[0-9a-f]{12}"
)


def example(name: str) -> str:
    """The text of the story, without the releases of the tool and the set."""
    with TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        out = Path(folder, "report.txt")
        inputs = [str(STORY / "dicom"), "-m", str(STORY / "measurements.csv"), "-f", str(STORY / "facts.toml")]
        assert main(["draft", *inputs, "-t", name, "-o", str(out)]) == 0
        return _MADE_WITH.sub(r"\1 reporter, \2 \3", out.read_text("utf-8"))


if __name__ == "__main__":
    for set_name in SHIPPED:
        (ROOT / set_name / "example.txt").write_text(example(set_name), "utf-8")
