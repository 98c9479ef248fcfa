"""The alliance: contracts of manufacturer, dealer and member, their guarantees, and the evidence.

A room of its own because ordering and rebates record evidence and read terms, and never change them.
"""
