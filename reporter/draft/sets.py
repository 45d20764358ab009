"""A template set put together: its own files, and those of the sets it extends for all that it does not have.

A set may have any file of its parent anew under the same name, or fill single blocks of the parent's template with
`{% extends "<parent>/report.md.j2" %}`: a parent's files stay reachable under the parent's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from reporter.draft.environment import TemplateSet
from reporter.draft.manifest import MANIFEST, Manifest, Option, read_manifest
from reporter.errors import SetupError

TEMPLATES: Final = ".j2"


class SetFiles(Protocol):
    """A folder of a template set, as far as it is text."""

    @property
    def name(self) -> str:
        """The set's name."""

    @property
    def texts(self) -> Mapping[str, str]:
        """File name -> text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSet:
    """A template set with all that it takes from others."""

    manifests: tuple[Manifest, ...]
    """Its own, then that of the set it extends, and so on."""
    template: TemplateSet
    mistakes: tuple[SetupError, ...]
    """What is wrong with its own manifest or those of the others."""
    texts_fingerprint: str
    """Twelve hex digits that change with any text of the set or of those it extends."""

    @property
    def name(self) -> str:
        """Its name."""
        return self.manifests[0].name

    @property
    def version(self) -> str:
        """Its own version."""
        return self.manifests[0].version

    @property
    def language(self) -> str:
        """Its language, else that of the nearest set it extends."""
        return _language(self.manifests)

    @property
    def options(self) -> dict[str, Option]:
        """Its options and those of the sets it extends; its own win."""
        return {name: option for manifest in reversed(self.manifests) for name, option in manifest.options.items()}


def load_set(chain: Sequence[SetFiles]) -> LoadedSet:
    """Put a set together from itself and the sets that it extends, the nearest first."""
    read = [_manifest(files) for files in chain]
    manifests = tuple(manifest for manifest, _ in read)
    mistakes = [mistake for _, mistakes in read for mistake in mistakes]
    return LoadedSet(
        manifests=manifests,
        template=_template(chain),
        mistakes=(*mistakes, *_two_languages(chain, manifests)),
        texts_fingerprint=_fingerprint(chain),
    )


def _language(manifests: Sequence[Manifest]) -> str:
    return next((manifest.language for manifest in manifests if manifest.language), "en")


def _two_languages(chain: Sequence[SetFiles], manifests: Sequence[Manifest]) -> Iterator[SetupError]:
    """Templates that a set would take from one in another language: half a report in each misleads."""
    own = _language(manifests)
    known: set[str] = set()
    for place, files in enumerate(chain):
        new = {name for name in files.texts if name.endswith(TEMPLATES)} - known
        known |= new
        if new and (other := _language(manifests[place:])) != own:
            message = f"the language is '{own}', and {', '.join(sorted(new))} of {files.name} are written in '{other}'"
            hint = f"write them in '{own}' too, or extend a set in that language"
            file = f"{chain[0].name}/{MANIFEST}"
            yield SetupError(message, file=file, field="language", hint=hint, code="TPL_LANGUAGE")


def _manifest(files: SetFiles) -> tuple[Manifest, tuple[SetupError, ...]]:
    if MANIFEST in files.texts:
        return read_manifest(files.texts[MANIFEST], files.name)
    missing = SetupError("template.toml is missing", file=files.name, hint="it names the set", code="TPL_MANIFEST")
    return Manifest(name=files.name), (missing,)


def _template(chain: Sequence[SetFiles]) -> TemplateSet:
    sources: dict[str, str] = {}
    owners: dict[str, str] = {}
    for place, files in reversed(list(enumerate(chain))):
        for name, text in files.texts.items():
            if name.endswith(TEMPLATES):
                for known_as in (name, f"{files.name}/{name}") if place else (name,):
                    sources[known_as], owners[known_as] = text, f"{files.name}/{name}"
    return TemplateSet(name=chain[0].name, sources=sources, owners=owners)


def _fingerprint(chain: Sequence[SetFiles]) -> str:
    texts = [f"{files.name}/{name}\0{text}" for files in chain for name, text in sorted(files.texts.items())]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
