"""How long a job takes from POST to done, beside the bare reading of the same pages."""
