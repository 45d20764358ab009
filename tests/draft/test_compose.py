"""The notice, the escalation and the basis stand in every draft."""

import pytest

from reporter.draft.compose import Mandatory, compose
from reporter.draft.interface import DRAFT_NOTICE, Block, Heading, List, Notice, NoticeKind, Page, Paragraph, plain
from reporter.errors import SetupError
from tests.draft.rendering import compiled

ESCALATION = Mandatory(
    heading="Escalation", blocks=(Paragraph(plain("Tell the surgeon.")), Paragraph(plain("Communicated to ____")))
)
BASIS = Mandatory(heading="Basis", blocks=(List(ordered=False, items=(plain("rows 1-14"),)),))
NOTICE = Notice(kind=NoticeKind.DRAFT, content=plain(DRAFT_NOTICE, strong=True))


def composed(template: str, escalation: Mandatory = ESCALATION, basis: Mandatory = BASIS) -> tuple[Block, ...]:
    return compose(compiled(template), {"no": False}, Page(title="T"), escalation=escalation, basis=basis).blocks


def heading(text: str) -> Heading:
    return Heading(level=2, content=plain(text))


def test_the_template_says_where_they_stand() -> None:
    template = "# T\n\n{{ basis_block }}\n## Who must know\n{{ escalation_block }}\nend"
    title = Heading(level=1, content=plain("T"))
    expected = (NOTICE, title, *BASIS.blocks, heading("Who must know"), *ESCALATION.blocks, Paragraph(plain("end")))
    assert composed(template) == expected


@pytest.mark.parametrize(
    "template",
    ["text", "text{% if no %}{{ escalation_block }}{{ basis_block }}{% endif %}", "{% set x = escalation_block %}text"],
)
def test_what_a_template_leaves_out_is_put_at_the_end(template: str) -> None:
    expected = (
        NOTICE,
        Paragraph(plain("text")),
        heading("Escalation"),
        *ESCALATION.blocks,
        heading("Basis"),
        *BASIS.blocks,
    )
    assert composed(template) == expected


def test_even_an_empty_template_gives_a_draft_with_all_three() -> None:
    assert composed("")[0] == NOTICE
    assert [*ESCALATION.blocks, *BASIS.blocks] == [
        block for block in composed("")[1:] if not isinstance(block, Heading)
    ]


def test_a_template_cannot_put_its_own_in_their_place() -> None:
    with pytest.raises(SetupError, match="escalation_block is filled by the program"):
        composed("{% set escalation_block = 'None required.' %}{{ escalation_block }}")


def test_a_part_stands_once() -> None:
    with pytest.raises(SetupError, match="stands 2 times") as refused:
        composed("{{ escalation_block }}\n\n{{ escalation_block }}")
    assert refused.value.code == "TPL_MANDATORY"


@pytest.mark.parametrize("empty", ["escalation", "basis"])
def test_a_part_is_never_empty(empty: str) -> None:
    with pytest.raises(SetupError, match="nothing to say"):
        composed("text", **{empty: Mandatory(heading="x", blocks=())})


def test_two_parts_with_the_same_words_are_both_kept() -> None:
    same = (Paragraph(plain("None.")),)
    made = composed(
        "{{ basis_block }}",
        Mandatory(heading="E", blocks=same),
        Mandatory(heading="B", blocks=(Paragraph(plain("None.")),)),
    )
    assert made.count(Paragraph(plain("None."))) == 2


def test_every_page_says_that_it_is_a_draft() -> None:
    with pytest.raises(SetupError, match="every page of a draft"):
        compose(compiled("x"), {}, Page(title="T", footer=" "), escalation=ESCALATION, basis=BASIS)


def test_the_notice_is_never_empty() -> None:
    with pytest.raises(SetupError, match="says first of all"):
        compose(compiled("x"), {}, Page(title="T", notice=" "), escalation=ESCALATION, basis=BASIS)


def test_a_translation_says_so_right_after_the_notice() -> None:
    page = Page(title="T", notice="ENTWURF", translation="noch zu prüfen")
    made = compose(compiled("x"), {}, page, escalation=ESCALATION, basis=BASIS).blocks
    assert made[0] == Notice(kind=NoticeKind.DRAFT, content=plain("ENTWURF", strong=True))
    assert made[1] == Notice(kind=NoticeKind.NOTE, content=plain("noch zu prüfen"))
