"""The facts that the homes of all roles display, read from several rooms and ready for a template.

Each function takes the actor and the day, reads only what is visible to the actor, and runs a number of
SQL statements that does not depend on the number of rows.
"""
