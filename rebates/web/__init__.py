"""Pages of rebates: programs, settlements, and statements with their lines."""
