"""The use cases: wiring between the rooms, and nothing else."""
