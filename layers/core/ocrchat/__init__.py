"""The core that all functions share: the domain, the store, HTTP, and the page worker."""
