"""The gate: who may reach anything that the app serves, and what every answer carries."""
