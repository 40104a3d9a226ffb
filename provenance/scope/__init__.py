"""Which files count, and which of their lines are code, comment or blank."""
