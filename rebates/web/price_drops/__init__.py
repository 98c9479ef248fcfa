"""The pages of price-drop claims and of the policy behind them."""
