"""Language models that are reached over the Messages API: the hosted one, Bedrock, or a server of one's own."""
