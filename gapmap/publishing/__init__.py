"""A submission's life in the stores, and all that is worked out when something is published."""
