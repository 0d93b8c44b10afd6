"""Chat with a document: answers out of its recognised text, each with the places that it was found in."""
