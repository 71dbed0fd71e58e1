"""Files in another layout: which heading is which column, confirmed by a person once."""
