"""Compare: the rug, side by side, the funnel and trends."""
