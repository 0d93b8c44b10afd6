"""What mends: the reconciler, the consumer of dead-letter queues, and the last sweep of deleted jobs."""
