"""Notices that the manufacturer posts for its dealers: the worked example of docs/new-room.md."""
