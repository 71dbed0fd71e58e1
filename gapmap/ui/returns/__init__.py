"""Who has sent what, when it is due, and reminders."""
