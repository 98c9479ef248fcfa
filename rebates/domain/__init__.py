"""The rules of rebates as plain functions, which compute and explain and save nothing."""
