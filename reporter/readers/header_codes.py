"""Codes of files that cannot be read: `--allow-unreadable` leaves such files out, and says so."""

FILE_CODES = frozenset({
    *("DCM_EMPTY", "DCM_NOT_DICOM", "DCM_NO_PREFIX", "DCM_TRUNCATED", "DCM_MISSING_TAG", "DCM_TRAILING"),
    *("DCM_INFLATE_LIMIT", "DCM_DEPTH", "DCM_ITEMS", "DCM_ELEMENTS", "DCM_BAD_VR", "DCM_TS", "DCM_PREAMBLE"),
    *("DCM_DUP_TAG", "DCM_ORDER", "DCM_BAD_UID", "FS_NOT_REGULAR", "FS_SYMLINK", "FS_ESCAPE", "FS_READ"),
    *("FS_CHANGED", "LIM_FILE", "LIM_STRING", "LIM_ZIP", "ZIP_BROKEN", "ZIP_RATIO"),
})
