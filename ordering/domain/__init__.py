"""Rules for stock, delivery windows and drafts: functions that compute and do not save."""
