"""What the home of each role shows: facts ready for a template, from several rooms.

Only `config` knows every room; each function here takes the actor and the day, runs a number of
statements that does not depend on how much there is, and sees what the actor may see.
"""
