"""The service on one machine: the same template and handlers on an embedded AWS, behind a front of its own."""
