"""Who is told of what: the outbox's events, made into messages to the people whom they concern.

The only place that knows both sides: each room announces what happened, accounts carries messages.
"""
