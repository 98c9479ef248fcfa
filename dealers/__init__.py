"""Dealers: the parties that trade, with their people, regions, territories and tiers.

A room of its own because every other room refers to a party, and decides by it who may see what.
"""
