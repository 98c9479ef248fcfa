"""Who may buy which product: portfolios of channels, trials of new products, ideas for the next ones."""
