"""File to pipeline stage, with a calibrated probability and its reasons."""
