"""Who we trade with: parties, memberships, outlets, territories, tiers."""
