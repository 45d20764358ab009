"""How we say it: a Report becomes a Draft, ordered blocks in no particular format."""
