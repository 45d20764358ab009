"""Draft radiology reports of breast cancer response, from DICOM studies and measurements.

The names below are the public face. They are resolved when first used, so `import reporter` loads nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reporter.advice.interface import Advice
    from reporter.case.case import Case
    from reporter.case.length import Length
    from reporter.draft.interface import Draft, Report
    from reporter.errors import FileRefused, InputRefused, Interrupted, ReporterError, SetupError, UsageError
    from reporter.exporters.interface import Exporter
    from reporter.readers.interface import Reader
    from reporter.response.interface import Criterion, Response

__version__: Final = "0.1.0"

__all__ = [
    "Advice",
    "Case",
    "Criterion",
    "Draft",
    "Exporter",
    "FileRefused",
    "InputRefused",
    "Interrupted",
    "Length",
    "Reader",
    "Report",
    "ReporterError",
    "Response",
    "SetupError",
    "UsageError",
    "__version__",
]

_HOME: Final = {
    "Advice": "reporter.advice.interface",
    "Case": "reporter.case.case",
    "Criterion": "reporter.response.interface",
    "Draft": "reporter.draft.interface",
    "Exporter": "reporter.exporters.interface",
    "FileRefused": "reporter.errors",
    "InputRefused": "reporter.errors",
    "Interrupted": "reporter.errors",
    "Length": "reporter.case.length",
    "Reader": "reporter.readers.interface",
    "Report": "reporter.draft.interface",
    "ReporterError": "reporter.errors",
    "Response": "reporter.response.interface",
    "SetupError": "reporter.errors",
    "UsageError": "reporter.errors",
}


def __getattr__(name: str) -> object:
    """Import a public name from its module when it is first asked for (PEP 562)."""
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """List the public names, resolved or not."""
    return sorted({*globals(), *__all__})
