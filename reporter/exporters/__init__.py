"""How we show it: a Draft laid out as text, Word or a record."""
