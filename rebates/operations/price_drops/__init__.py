"""Operations of price-drop compensation: the policy, the computation of claims, replies and decisions."""
