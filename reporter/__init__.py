"""Draft radiology reports of breast cancer response, from DICOM studies and measurements.

The names below are the public face. They are resolved when first used, so `import reporter` loads nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reporter.errors import FileRefused, InputRefused, Interrupted, ReporterError, SetupError, UsageError

__version__: Final = "0.1.0"

__all__ = [
    "FileRefused",
    "InputRefused",
    "Interrupted",
    "ReporterError",
    "SetupError",
    "UsageError",
    "__version__",
]

_HOME: Final = {
    "FileRefused": "reporter.errors",
    "InputRefused": "reporter.errors",
    "Interrupted": "reporter.errors",
    "ReporterError": "reporter.errors",
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
