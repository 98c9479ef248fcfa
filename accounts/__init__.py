"""Who is at the door: people, sign-in, roles, rights."""
