"""Statistics on numbers alone: do people agree, and who leans which way. Needs the extra `stats`."""
