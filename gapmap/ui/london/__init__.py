"""London: the headline, the map, lists, missing answers, criteria, and what changed."""
