"""What mends, deletes and checks on a schedule, and the consumer of dead-letter queues."""
