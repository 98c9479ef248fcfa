"""Operations on the channel plan of a year."""
