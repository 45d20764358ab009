"""Fields and drafts go to another process and come back as they were, where the templates are a site's own."""

import pickle  # ruff: ignore[suspicious-pickle-import] - what this test has made
from dataclasses import replace
from typing import TypeVar

import pytest

from reporter.draft.interface import Draft
from reporter.draft.writer import Material, composed
from reporter.pipeline import prepare, report_on
from reporter.preview import stories
from reporter.settings import Settings
from tests.exporters.model_report import COMPLETE_RESPONSE

Sent = TypeVar("Sent")


def there_and_back(value: Sent) -> Sent:
    """A value, sent as to another process."""
    arrived: Sent = pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))  # ruff: ignore[suspicious-pickle-usage] - what this test has made
    return arrived


def test_a_draft_comes_back_as_it_was() -> None:
    assert there_and_back(COMPLETE_RESPONSE) == COMPLETE_RESPONSE


@pytest.mark.parametrize("story", sorted(stories()))
def test_what_a_draft_is_composed_of_goes_as_it_is(story: str) -> None:
    kit = prepare(Settings(), formats=())
    sent: list[Material] = []

    def elsewhere(material: Material) -> Draft:
        sent.append(there_and_back(material))
        assert sent[-1].fields == material.fields
        assert (sent[-1].escalation, sent[-1].basis) == (material.escalation, material.basis)
        assert {name: draw() for name, draw in sent[-1].figures.items()} == {
            name: draw() for name, draw in material.figures.items()
        }
        return composed(kit.writer.renderer, sent[-1])

    report = report_on(stories()[story], (), kit)
    assert replace(kit.writer, elsewhere=elsewhere).draft(report) == kit.writer.draft(report)
    assert len(sent) == 1
