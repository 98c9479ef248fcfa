"""The dry run of a price list as a job, and what publishing demands of it."""
