"""Answer any rule on any case without a database: the command, the API and the what-if forms."""
