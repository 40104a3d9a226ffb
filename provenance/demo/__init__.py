"""An invented history whose every line has a known maker."""
