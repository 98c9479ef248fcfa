from dealers.admin import parties, people, territories

__all__ = ["parties", "people", "territories"]
