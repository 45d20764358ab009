"""What we know: one patient's studies, lesions, measurements and facts, as frozen values in time order."""
