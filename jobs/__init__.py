"""Run long work in steps with progress, and deliver effects once through the outbox."""
