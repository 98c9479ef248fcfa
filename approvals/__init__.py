"""Approvals: changes that need a second person, from the request to the decision.

An operation calls `request_approval` before it changes anything. What needs nobody else goes on; for the
rest the values are stored, another person who holds the right approves or rejects them, and the approval
makes the change. The kinds are registered by the rooms; the tenant sets which of them need approval.
"""
