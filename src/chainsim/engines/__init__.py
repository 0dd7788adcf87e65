"""Engines: how time advances. They know a Plan and a Record, and hold no business rule of their own."""
