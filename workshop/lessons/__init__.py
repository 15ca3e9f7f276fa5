"""Exercises: checks with graded help, progress that survives a restart, the series' index."""
