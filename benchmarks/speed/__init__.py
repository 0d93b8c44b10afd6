"""What a page costs: CPU beside the peers, by part of the reader, memory, and the start of a worker."""
