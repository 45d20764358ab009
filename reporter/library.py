"""Finds knowledge packs and template sets: the path given, then the site's folder, then what is shipped.

In an installed package templates and samples lie inside it; in a checkout they lie at the root of the repository.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reporter.draft.manifest import MANIFEST, extends_of, near
from reporter.errors import SetupError

_PACKAGE: Final = Path(__file__).parent
_MAX_FILE: Final = 10 * 1024 * 1024
"""Bytes; a pack file above this is refused (limit of house.docx)."""
_MAX_TEMPLATES: Final = 1024 * 1024
"""Bytes of all texts of a template set."""
_MAX_CHAIN: Final = 8
"""How many sets may extend one another."""
HOUSE: Final = "house.docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder of the library, with its text files."""

    name: str
    folder: Path
    texts: dict[str, str]
    """File name -> text, of the suffixes asked for."""
    origin: str = "shipped"
    """shipped, site or path."""

    def has(self, name: str) -> bool:
        """Whether it has a file of that name."""
        return (self.folder / name).is_file()

    def read(self, name: str) -> bytes:
        """The bytes of one of its files, such as house.docx.

        Raises:
            SetupError: there is none, or it is too large.

        """
        return _read(self.folder / name, self.name)


def find_pack(name: str, site: Path | None = None) -> Found:
    """A guideline pack and the data it shares with others, by name or path."""
    return _find("pack", name, (".toml",), (*_inside(site, "knowledge"), _PACKAGE / "knowledge"))


def find_template(name: str, site: Path | None = None) -> tuple[Found, ...]:
    """A template set by name or path (a path contains `/`), then the set it extends, and so on.

    Raises:
        SetupError: one of them is not there, is too large, or sets extend one another in a circle.

    """
    chain = [_template(name, site)]
    while extends := extends_of(chain[-1].texts.get(MANIFEST, "")):
        last = chain[-1]
        parent = _parent(last, extends, site)
        if any(parent.folder.samefile(found.folder) for found in chain) or len(chain) == _MAX_CHAIN:
            message = f"the sets extend one another in a circle: {', '.join(found.name for found in chain)}"
            raise SetupError(message, file=f"{last.name}/{MANIFEST}", field="extends", code="TPL_BROKEN")
        chain.append(parent)
    return tuple(chain)


def all_templates(site: Path | None = None) -> tuple[Found, ...]:
    """Every template set of the library, by name; the site's own before a shipped one of the same name."""
    found = {
        folder.name: folder
        for place in reversed(_template_places(site))
        if place.is_dir()
        for folder in place.iterdir()
        if (folder / MANIFEST).is_file()
    }
    return tuple(_template(name, site) for name in sorted(found))


def places_of(site: Path | None) -> tuple[Path, ...]:
    """The folders of a site in which sets and packs are looked for before those that are shipped."""
    return (*_inside(site, "templates"), *_inside(site, "knowledge"))


def house_of(chain: Iterable[Found]) -> bytes | None:
    """The house document of a template set, else of the nearest set that it extends; None where none has one.

    Raises:
        SetupError: it is too large or cannot be read.

    """
    return next((found.read(HOUSE) for found in chain if found.has(HOUSE)), None)


def _template(name: str, site: Path | None, *, without: Found | None = None) -> Found:
    found = _find("template set", name, (".j2", ".toml"), _template_places(site), without=without)
    if sum(len(text) for text in found.texts.values()) > _MAX_TEMPLATES:
        hint = f"at most {_MAX_TEMPLATES // 2**10} KiB of text"
        raise SetupError(
            "the template set is larger than any report needs", file=found.name, hint=hint, code="TPL_LIMIT"
        )
    return found


def _parent(child: Found, extends: str, site: Path | None) -> Found:
    """The set that another extends: by path from its folder, else by name."""
    try:
        return _template(str(child.folder / extends) if "/" in extends else extends, site, without=child)
    except SetupError as fault:
        if fault.code == "LIB_MISSING":
            fault.file, fault.field = f"{child.name}/{MANIFEST}", "extends"
            fault.message = f"there is no template set '{extends}'"
        raise


def _template_places(site: Path | None) -> tuple[Path, ...]:
    return (*_inside(site, "templates"), _shipped("templates"))


def phrases(language: str) -> dict[str, str]:
    """The shipped phrases of a language: file name -> TOML text.

    Raises:
        SetupError: no phrases are shipped for it.

    """
    return _find("language", language, (".toml",), (_PACKAGE / "draft" / "phrases",)).texts


def sample_stories() -> Path:
    """The folder of synthetic sample stories."""
    return _shipped("sample_dicom")


def _shipped(name: str) -> Path:
    inside, beside = _PACKAGE / name, _PACKAGE.parent / name
    return inside if inside.is_dir() else beside


def _inside(site: Path | None, name: str) -> tuple[Path, ...]:
    return () if site is None else (site / name,)


def _find(
    what: str, name: str, suffixes: tuple[str, ...], places: tuple[Path, ...], *, without: Found | None = None
) -> Found:
    """The folder of a name; `without` leaves out a set that extends another one of its own name."""
    is_path = "/" in name
    candidates = (Path(name),) if is_path else tuple(place / name for place in places)
    for folder in candidates:
        if folder.is_dir() and not (without and not is_path and folder.samefile(without.folder)):
            return Found(
                name=folder.resolve().name,
                folder=folder,
                texts=_texts(folder, suffixes),
                origin="path" if is_path else "shipped" if folder.parent == places[-1] else "site",
            )
    known = sorted({p.name for place in places if place.is_dir() for p in place.iterdir() if p.is_dir()})
    raise SetupError(f"there is no such {what}", file=name, hint=_instead(name, known), code="LIB_MISSING")


def _instead(name: str, known: list[str]) -> str | None:
    """What to name instead of what is not there."""
    if "/" in name:
        return "name the folder that this file is in" if Path(name).is_file() else None
    if Path(name).is_dir():
        return f"a folder is named by its path: ./{name}"
    return (near(name, known) or "").replace("there are:", "in the library are")


def _texts(folder: Path, suffixes: tuple[str, ...]) -> dict[str, str]:
    names = sorted(path.name for path in folder.iterdir() if path.suffix in suffixes and path.is_file())
    return {name: _text(folder / name, folder.resolve().name) for name in names}


def _text(path: Path, name: str) -> str:
    try:
        return _read(path, name).decode("utf-8-sig")
    except UnicodeDecodeError:
        hint = "save it as UTF-8"
        raise SetupError("the text is not UTF-8", file=f"{name}/{path.name}", hint=hint, code="TPL_BROKEN") from None


def _read(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > _MAX_FILE:
            raise SetupError(f"{path.name} is too large", file=name, code="TPL_LIMIT")
        return path.read_bytes()
    except OSError:
        raise SetupError(f"{path.name} is missing or cannot be read", file=name, code="LIB_MISSING") from None
