"""Figures of a test."""

import datetime as dt
from decimal import Decimal
from typing import Final

from reporter.case.vocabulary import Side
from reporter.draft.drawing import Clock, Course, Dial, Span, Spot, Trend
from reporter.draft.interface import Column, Figure, List, Table, plain

DATES: Final = (dt.date(2026, 1, 12), dt.date(2026, 3, 9), dt.date(2026, 7, 27))


def trend(name: str = "T1 right", caption: str = "Sizes") -> Figure:
    courses = (
        Course(name=name, sizes=(Decimal("32.5"), Decimal(27), Decimal(13)), smallest=2),
        Course(name=f"{name} 2", sizes=(Decimal(18), None, Decimal(0)), smallest=2),
        Course(name=f"{name} 3", sizes=(None, None, Decimal(7)), smallest=None),
    )
    rows = [(name, "32.5 mm", "27 mm", "13 mm (smallest)"), (f"{name} 2", "18 mm", "not done", "gone (smallest)")]
    rows.append((f"{name} 3", "not done", "not done", "7 mm"))
    heads = ("Lesion", *map(str, DATES))
    return Figure(
        drawing=Trend(
            dates=DATES,
            courses=courses,
            spans=(Span(name=f"therapy {name}", start=dt.date(2026, 2, 2), end=None),),
            unit="mm",
            smallest="smallest so far",
        ),
        caption=plain(caption),
        alt=f"Sizes through time: {name}",
        key=plain("A gap was not measured."),
        told=(
            Table(
                columns=tuple(Column(name="", header=head) for head in heads),
                rows=tuple(tuple(plain(cell) for cell in row) for row in rows),
            ),
        ),
        remarks=(plain(f"Therapy from 2026-02-02 {name}."),),
    )


def clock(label: str = "T1", caption: str = "Places") -> Figure:
    left = (Spot(label=label, hour=2, distance=Decimal(60)), Spot(label="T2", hour=2, distance=Decimal(60)))
    dials = (
        Dial(side=Side.RIGHT, name="right breast", spots=(Spot(label="T3", hour=12, distance=None),)),
        Dial(side=Side.LEFT, name="left breast", spots=left),
    )
    return Figure(
        drawing=Clock(dials=dials),
        caption=plain(caption),
        alt=f"Places: {label}",
        key=plain("Seen from the front."),
        told=(List(ordered=False, items=(plain(f"{label}, mass: left 2 o'clock"),)),),
    )
