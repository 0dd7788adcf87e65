"""Textbook theory, free of simulation: used by policies to derive their parameters and by tests to check the engines.

Every function gives its symbols, units and source, and an example with a published number. The list is docs/theory.md.
"""
