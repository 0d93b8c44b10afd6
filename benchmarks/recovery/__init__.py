"""What a fault of the model, or of a worker that asks it, costs in time, and that it costs no page and no credit."""
