"""What one replication left behind: the Record, its audit, and ways to recount and follow it."""
