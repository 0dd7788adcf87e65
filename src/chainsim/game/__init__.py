"""A serial scenario played by people on the reference engine: their orders, every review, in place of a policy's."""
