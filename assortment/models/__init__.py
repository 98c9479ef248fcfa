from assortment.models.channel_portfolio import ChannelPortfolio
from assortment.models.idea import Idea, IdeaVote
from assortment.models.trial import ASPECTS, MAX_SCORE, MIN_SCORE, Trial, TrialParty

__all__ = [
    "ASPECTS",
    "MAX_SCORE",
    "MIN_SCORE",
    "ChannelPortfolio",
    "Idea",
    "IdeaVote",
    "Trial",
    "TrialParty",
]
