"""What turns pixels into lines of text: one port, one module an engine."""
