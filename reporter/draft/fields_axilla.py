"""What a template sees of an axilla and its nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reporter.advice.conditions.axilla import node_unexpected
from reporter.case.facts import Axilla
from reporter.case.length import Length
from reporter.case.measurement import Measurement
from reporter.case.vocabulary import BiopsyResult, LevelState, Location
from reporter.draft.fields_sites import MarkerView, marker_view
from reporter.draft.fields_sizes import SizeView, size_view
from reporter.draft.speaker import IN_SIGHT, Speaker
from reporter.draft.view import View, group, says
from reporter.response.interface import AxillaResponse, LesionPoint, LesionResult, NodeCourse, NodeResponse, State
from reporter.response.modalities import is_imaging

LEVELS = (
    Location.AXILLA_1,
    Location.AXILLA_2,
    Location.AXILLA_3,
    Location.INTERNAL_MAMMARY,
    Location.SUPRACLAVICULAR,
)

_BEYOND = frozenset({Location.INTERNAL_MAMMARY, Location.SUPRACLAVICULAR})

_LOOKS_NORMAL = frozenset({NodeCourse.NORMAL, NodeCourse.RESOLVED})

_CONTRADICTED = frozenset({"NODES_COUNT_CONTRADICTED", "NODES_LEVEL_CONTRADICTED"})

# States nothing, for a side and a time point without an entry.
_NO_AXILLA = Axilla()


@group
class NodeView(View):
    """One node now."""

    id: str = says("The lesion's id as given", example="N1")
    level: str = says("Its level", example="level I")
    beyond: str = says("Its station where that is not the axilla itself; else empty", example="supraclavicular")
    proven: bool = says("Whether it is biopsy-proven malignant")
    biopsy: str = says("Result of its biopsy: malignant, benign, pending, none, or empty", example="malignant")
    course: str = says("normal, resolved, persistently_abnormal, newly_abnormal, ...", example="resolved")
    course_words: str = says("The same in words", example="resolved from abnormal")
    differs: bool = says("Whether size and appearance do not agree: called neither resolved nor normal")
    disagrees: bool = says("Whether imaging modalities disagree about its size: called neither resolved nor normal")
    below_normal: bool = says("Whether its short axis is below that of a node counted as gone, on all imaging")
    gone: bool = says("Whether it is said to be absent now and no modality still sees it")
    short_axis: SizeView | None = says("Its short axis on the modality of record; none without one")
    others: tuple[SizeView, ...] = says("Its short axis on other imaging that says otherwise: of it, or of its size")
    largest: SizeView | None = says("The largest short axis on any imaging now; none without one")
    described: tuple[str, ...] = says(
        "Short axis, cortex and hilum through time, modality by modality",
        unit="mm",
        example="US: short axis 17 -> 7 mm",
    )
    cortex: str = says("Cortex now; empty where not stated", unit="mm", example="2.5 mm")
    cortex_course: str = says("Cortex through time; empty where not stated", unit="mm", example="8 -> 4 -> 2.5 mm")
    hilum: str = says("Hilum now; empty where not stated", example="preserved")
    marker: MarkerView = says("Its biopsy marker, or that none was placed, or that nothing is known of one")
    marker_seen: bool = says("Whether its marker is seen now")
    remarks: tuple[str, ...] = says("Notes on it as given now, in words", example='US: "rounder"')


@group
class AxillaView(View):
    """The answer for the axilla and node stations of one side."""

    side: str = says("The side", example="left")
    assessed: bool = says("Whether anything was said of its nodes at this time point")
    was_assessed: bool = says("Whether anything was said of its nodes at baseline")
    nodes: tuple[NodeView, ...] = says("The nodes followed one by one")
    abnormal: tuple[NodeView, ...] = says("Those that are abnormal now")
    abnormal_before: str = says("Number of abnormal nodes at baseline as entered; empty where not stated", example="2")
    abnormal_now: str = says("Number of abnormal nodes now as entered; empty where not stated", example="0")
    number_apart: str = says(
        "That number where none of the nodes described is abnormal and too few could be; empty else", example="2"
    )
    contradicted: bool = says("Whether the number or a level as entered contradicts the nodes described; see Open")
    normal_now: bool = says("Whether it is said to have no abnormal node now")
    normal_before: bool = says("Whether it was said to have no abnormal node at baseline")
    levels_normal: str = says("Levels without an abnormal node; empty without", example="level II-III")
    levels_abnormal: str = says("Levels with abnormal nodes; empty without", example="level I")
    levels_apart: str = says(
        "Those of them where none of the nodes described is abnormal; empty without", example="internal mammary"
    )
    levels_new: str = says("Those of these that were normal at baseline; empty without", example="internal mammary")
    unexpected: bool = says("Whether it is abnormal and was not known to be so: told promptly, before what can wait")
    levels_not_imaged: str = says("Levels that were not imaged; empty without", example="supraclavicular")
    resolved: tuple[NodeView, ...] = says("Nodes that were abnormal and look normal now")
    proven_marker: str = says("The marker of a biopsy-proven node that is seen now; empty without", example="ribbon")


def axilla_views(speaker: Speaker) -> tuple[AxillaView, ...]:
    """Every axilla with an answer, in the order of the breasts."""
    order = {breast.side: place for place, breast in enumerate(speaker.ordered_breasts)}
    axillae = sorted(speaker.report.response.axillae, key=lambda a: order.get(a.side, len(order)))
    return tuple(_axilla(speaker, axilla) for axilla in axillae)


def _axilla(speaker: Speaker, axilla: AxillaResponse) -> AxillaView:
    case = speaker.case
    now = speaker.fact(case.facts.axilla, axilla.side, case.reported) or _NO_AXILLA
    first = case.baseline if case.baseline != case.reported else None
    before = speaker.fact(case.facts.axilla, axilla.side, first) or _NO_AXILLA
    nodes = tuple(_node(speaker, node) for node in axilla.nodes)
    abnormal = [node for node in axilla.nodes if node.abnormal or node.course is NodeCourse.ABNORMAL_AT_BASELINE]
    apart = [level for level in _in_state(now, LevelState.ABNORMAL) if level not in {n.location for n in abnormal}]
    unclear = [n for n in axilla.nodes if n.discordances or n.course not in _LOOKS_NORMAL]
    return AxillaView.made(
        side=lambda: speaker.side(axilla.side),
        assessed=lambda: axilla.assessed,
        was_assessed=lambda: bool(before.levels) or before.abnormal_nodes is not None,
        nodes=lambda: nodes,
        abnormal=lambda: tuple(view for view, node in zip(nodes, axilla.nodes, strict=True) if node.abnormal),
        abnormal_before=lambda: _count(axilla.abnormal_baseline),
        abnormal_now=lambda: _count(axilla.abnormal_now),
        number_apart=lambda: _count(axilla.abnormal_now) if not abnormal and _more(axilla, unclear) else "",
        contradicted=lambda: any(
            i.code in _CONTRADICTED and i.side is axilla.side for i in speaker.report.advice.issues
        ),
        normal_now=lambda: _normal(now, axilla.abnormal_now),
        normal_before=lambda: _normal(before, axilla.abnormal_baseline),
        levels_normal=lambda: _levels(speaker, now, LevelState.NORMAL),
        levels_abnormal=lambda: _levels(speaker, now, LevelState.ABNORMAL),
        levels_apart=lambda: _words(speaker, apart),
        levels_new=lambda: _words(speaker, [x for x in apart if before.levels.get(x) is LevelState.NORMAL]),
        unexpected=lambda: not speaker.at_baseline and node_unexpected(speaker.context(axilla.side)),
        levels_not_imaged=lambda: _levels(speaker, now, LevelState.NOT_IMAGED),
        resolved=lambda: tuple(n for n in nodes if n.course == "resolved" and not n.differs),
        proven_marker=lambda: speaker.phrases.all_of([
            n.marker.name for n in nodes if n.proven and n.marker and n.marker_seen
        ]),
    )


def _more(axilla: AxillaResponse, nodes: Sequence[NodeResponse]) -> bool:
    return axilla.abnormal_now is not None and axilla.abnormal_now > len(nodes)


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _normal(entry: Axilla, abnormal: int | None) -> bool:
    """Whether it is said, by number or by level, that no node is abnormal."""
    if abnormal is not None:
        return abnormal == 0
    states = set(entry.levels.values())
    return LevelState.NORMAL in states and LevelState.ABNORMAL not in states


def _in_state(entry: Axilla, state: LevelState) -> list[Location]:
    return [level for level in LEVELS if entry.levels.get(level) is state]


def _levels(speaker: Speaker, entry: Axilla, state: LevelState) -> str:
    return _words(speaker, _in_state(entry, state))


def _words(speaker: Speaker, levels: Sequence[Location]) -> str:
    """`level II-III and internal mammary`: axillary levels drawn together."""
    axillary = [level for level in levels if level in LEVELS[:3]]
    parts = [speaker.phrases.say(f"levels.{'_'.join(level[-1] for level in axillary)}")] if axillary else []
    parts += [speaker.phrases.say(f"location.{level}") for level in levels if level not in LEVELS[:3]]
    return speaker.phrases.all_of(parts)


def _node(speaker: Speaker, node: NodeResponse) -> NodeView:
    lesion = speaker.case.lesion(node.lesion_id)
    record = node.record
    shown = record or next((r for r in node.results if r.point.state in IN_SIGHT), None)
    measured = [r for r in node.results if r.point.size is not None and is_imaging(r.point.modality)]
    seen = [r for r in node.results if r.point.state in IN_SIGHT and is_imaging(r.point.modality)]
    return NodeView.made(
        id=lambda: lesion.id,
        level=lambda: speaker.phrases.say(f"location.{lesion.location}") if lesion.location else "",
        beyond=lambda: speaker.phrases.say(f"location.{lesion.location}") if lesion.location in _BEYOND else "",
        proven=lambda: node.proven,
        biopsy=lambda: str(lesion.biopsy_result or ""),
        course=lambda: str(node.course),
        course_words=lambda: _course_words(speaker, node),
        differs=lambda: node.size_and_appearance_differ,
        disagrees=lambda: bool(node.discordances),
        below_normal=lambda: bool(measured) and all(_small(speaker, r) for r in (*measured, *seen)),
        gone=lambda: _gone(node),
        short_axis=lambda: size_view(speaker, shown, node.series, of_record=shown is record) if shown else None,
        others=lambda: tuple(
            size_view(speaker, r, node.series, of_record=False)
            for r in node.results
            if r.point.modality in node.contradicted_by
        ),
        largest=lambda: (
            size_view(speaker, largest, node.series, of_record=largest is record)
            if (largest := max(measured, key=_millimetres, default=None))
            else None
        ),
        described=lambda: tuple(_described(speaker, node)),
        cortex=lambda: _now(speaker, node, "cortex"),
        cortex_course=lambda: (
            _course_of(speaker, speaker.rows(node.lesion_id), "cortex") if _now(speaker, node, "cortex") else ""
        ),
        hilum=lambda: _now(speaker, node, "hilum"),
        marker=lambda: marker_view(speaker, node.marker),
        marker_seen=lambda: bool(node.marker.seen_on),
        remarks=lambda: tuple(_remarks(speaker, node)),
    )


def _course_words(speaker: Speaker, node: NodeResponse) -> str:
    """How it looks; where its size does not agree it is not called resolved (clinical ground 2.10).

    Where modalities disagree, the word of one of them that it is not abnormal is not passed on.
    """
    looks = node.size_and_appearance_differ and node.course is NodeCourse.RESOLVED
    words = speaker.phrases.say("node_course.looks_resolved" if looks else f"node_course.{node.course}")
    if not node.discordances:
        return words
    return speaker.phrases.say("node_course.abnormal_disagree" if node.abnormal else "node_course.disagree", what=words)


def _gone(node: NodeResponse) -> bool:
    """Whether it is said to be absent now, and no modality still sees it."""
    states = {result.point.state for result in node.results}
    return State.ABSENT in states and not states & IN_SIGHT


def _millimetres(result: LesionResult) -> Decimal:
    return Decimal(0) if result.point.size is None else result.point.size.mm


def _small(speaker: Speaker, result: LesionResult) -> bool:
    size = result.point.size
    return size is not None and size.mm < speaker.report.response.thresholds.node_normal_mm


def _now(speaker: Speaker, node: NodeResponse, name: str) -> str:
    value = speaker.latest(node.lesion_id, name, speaker.case.reported)
    if isinstance(value, Length):
        return speaker.numbers.mm(value)
    return speaker.phrases.say(f"{name}.{value}") if value else ""


def _described(speaker: Speaker, node: NodeResponse) -> Iterator[str]:
    """`US: short axis 17 -> 11 -> 7 mm, cortex 8 -> 4 -> 2.5 mm, hilum absent -> effaced -> preserved`."""
    say = speaker.phrases.say
    for result in node.results:
        points = [p for p in node.series if p.modality is result.point.modality and p.study is not None]
        rows = [m for m in speaker.rows(node.lesion_id) if m.modality is result.point.modality]
        parts = [say("node.short_axis", course=_through_time(speaker, points))] if points else []
        for name in ("cortex", "hilum", "cortex_type"):
            course = _course_of(speaker, rows, name)
            parts += [say(f"node.{name}", course=course)] if course else []
        if parts:
            path = "node.on" if result is node.results[0] else "node.on_too"
            text = say(path, modality=speaker.modality(result.point.modality), parts=", ".join(parts))
            here = any(m.study in speaker.case.reported.studies for m in rows)
            yield text if here else say("node.not_now", course=text)


def _through_time(speaker: Speaker, points: Sequence[LesionPoint]) -> str:
    if all(p.state is State.MEASURED and p.size is not None for p in points):
        return speaker.numbers.course([speaker.numbers.bare(p.size) for p in points if p.size is not None])
    return " -> ".join(speaker.size(p, axes=False) for p in points)


def _course_of(speaker: Speaker, rows: Sequence[Measurement], name: str) -> str:
    """A value of a node through time, one a time point: `8 -> 4 -> 2.5 mm`."""
    values: list[object] = []
    for point in speaker.case.timeline.time_points[: speaker.case.reported.index + 1]:
        here = [getattr(m, name) for m in rows if m.study in point.studies and getattr(m, name) is not None]
        values += here[-1:]
    if not values:
        return ""
    lengths = [value for value in values if isinstance(value, Length)]
    if lengths:
        return speaker.numbers.course([speaker.numbers.bare(value) for value in lengths])
    words = [str(value) if isinstance(value, int) else speaker.phrases.say(f"{name}.{value}") for value in values]
    if len(words) > 1 and len(set(words)) == 1:
        return speaker.phrases.say("node.unchanged", value=words[0])
    return " -> ".join(words)


def _remarks(speaker: Speaker, node: NodeResponse) -> Iterator[str]:
    for row in speaker.rows(node.lesion_id, speaker.case.reported):
        if row.note:
            note = speaker.quoted(row.note)
            yield speaker.phrases.say("finding.note", modality=speaker.exactly(row.modality), note=note)
    lesion = speaker.case.lesion(node.lesion_id)
    if lesion.biopsy_result in {BiopsyResult.PENDING, BiopsyResult.BENIGN}:
        yield speaker.phrases.say(f"biopsy.{lesion.biopsy_result}")
