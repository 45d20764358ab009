"""Many cases: an export is indexed, planned and run, one outcome for each case."""
