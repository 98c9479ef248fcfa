"""What it costs today and why."""
