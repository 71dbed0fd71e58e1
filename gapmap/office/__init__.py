"""Who may do what, and who did: a database beside the stores."""
