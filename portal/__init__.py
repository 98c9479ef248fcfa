"""Pages made of several rooms: homes, navigation, search, the job desk, notifications of jobs.

The room exists so that no other room needs to know which rooms there are.
"""
