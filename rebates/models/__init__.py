from rebates.models.program import Program, ProgramProduct
from rebates.models.settlement import Settlement, Statement, Tally

__all__ = ["Program", "ProgramProduct", "Settlement", "Statement", "Tally"]
