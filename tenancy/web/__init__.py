"""What every room's pages share: lists with their exports, jobs, forms that are sent once."""
