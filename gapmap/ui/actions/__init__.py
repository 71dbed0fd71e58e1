"""Actions: who closes which gap and what came of it, asks to the Executive, and what worked."""
