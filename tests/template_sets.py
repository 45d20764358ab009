"""Template sets of tests: folders written from texts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1] / "templates"
SHIPPED: Final = sorted(path.parent.name for path in ROOT.glob("*/template.toml"))
GERMAN: Final = "nac-response-de"
ENGLISH: Final = [name for name in SHIPPED if name != GERMAN]
MANIFEST: Final = 'name = "{name}"\nversion = "1"\nlanguage = "en"\ndescription = "of a test"\n'


def write_set(folder: Path, files: Mapping[str, str | bytes], manifest: str = "", *, house: bool = True) -> Path:
    """A set in a folder: its texts, a manifest (lines added to the usual ones), a house document."""
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, str | bytes] = {"template.toml": MANIFEST.format(name=folder.name) + manifest, **files}
    if house:
        texts.setdefault("house.docx", (ROOT / "nac-response" / "house.docx").read_bytes())
    for name, text in texts.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
