"""Page results become the document, and the job ends."""
