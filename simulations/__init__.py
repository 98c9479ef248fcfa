"""Apply any rule to any case: the command, the API and the what-if forms.

The room exists so that a rule can be tried without a database and without trade data.
"""
