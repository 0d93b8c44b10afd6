"""What mends: the reconciler, and the consumer of dead-letter queues."""
