"""A site's choices (`reporter.toml`), as the parameter values that each layer owns.

Nothing is required.  Every table of the file fills one frozen value (`[thresholds]` -> `Thresholds`, `[windows]` ->
`Windows`), so that a key, its default and its meaning stand in one place; a wrong edit is refused with file, key and
reason.  Never a setting: inclusive exact comparison, its direction, units, and that imaging claims no pathologic
complete response.
"""

from reporter.settings.described import SettingDoc, described
from reporter.settings.reading import read_settings
from reporter.settings.values import ReportChoices, Settings

__all__ = ["ReportChoices", "SettingDoc", "Settings", "described", "read_settings"]
