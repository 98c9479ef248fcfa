"""Create the demonstration tenant: a seasoning maker with a year of trade, reproducible for each day.

Each file creates one part with its own random generator, in the order of `load_job.parts_of`. Past trade
is written in bulk; current trade is made by the real operations. All names are invented.
"""
