"""Tell a person that a job has ended."""
