"""Jobs and the outbox: run long work in steps with progress, and deliver each effect exactly once."""
