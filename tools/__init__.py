"""Programs that make files of this repository; not needed at run time."""
