"""`chainsim import`: a planner's workbook becomes a scenario that runs, with every guess written down."""
