"""IN: files become readings (`gather`), readings become a case (`assemble`).  pydicom lives here and no further in."""
