"""Pages of the channel plan and its objectives."""
