"""Accounts over HTTP: sign-in by e-mail, tokens, usage, prices; and what an operator does to them."""
