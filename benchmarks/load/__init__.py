"""How the service bears many clients at once: speed, memory, fairness, backpressure, and the books afterwards."""
