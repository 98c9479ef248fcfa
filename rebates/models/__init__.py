from rebates.models.program import Program, ProgramProduct
from rebates.models.settlement import Audience, Carried, Settlement, Statement, Tally

__all__ = ["Audience", "Carried", "Program", "ProgramProduct", "Settlement", "Statement", "Tally"]
