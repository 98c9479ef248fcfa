"""What publishing a price list would do: the impact on its buyers, and the checks of pricing."""
