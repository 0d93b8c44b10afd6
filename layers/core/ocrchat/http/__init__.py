"""What the HTTP functions share: the app factory, who calls, and problem documents."""
