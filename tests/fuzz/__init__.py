"""Broken files by the thousand: all shipped scenarios and their tables, a shop whose lists are tables, a maker with a workbook, and a
trader with whatever key of the language the others have not.

    python -m tests.fuzz                     go on where it stopped; Ctrl-C whenever you like
    python -m tests.fuzz --cases 2000        so many more, a fair sample of all
    python -m tests.fuzz --jobs 4            so many at a time
    python -m tests.fuzz --again             what broke before once more
    python -m tests.fuzz --fresh             forget what was tried

What was tried is kept in `results/fuzz/tried.jsonl`, a line a case; files that found something are kept beside it. Exit code 0: the
contract held in all that was tried; 1: it did not.
"""
