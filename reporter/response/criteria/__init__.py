"""Ways to classify response, each citing its source."""
