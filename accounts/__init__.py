"""People: accounts, sign-in, roles and rights, and messages to a person."""
