"""The page of an experiment: a sentence that answers, charts, tables. Every number on it is one of the tables'."""
