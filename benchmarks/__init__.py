"""Measures the embedded AWS beside an unmodified ministack, in one run on one machine."""
