"""Three months of a province's one-stop, lived through in minutes: real actions, an invented calendar."""
