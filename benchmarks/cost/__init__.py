"""What a thousand pages cost on AWS: the requests of a job, times a price list."""
