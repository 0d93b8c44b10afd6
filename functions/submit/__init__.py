"""Jobs over HTTP, and what is done to a file before its pages are read: intake and split."""
