"""Engines: how time advances. They know a Plan and a Record, and hold no business rule of their own.

To read one, begin with `processes`: who acts in a supply network, told by simpy; `moments` is what happens once. `world` is what
they share, `simpy_calendar` its calendar and clock, `simpy_engine` runs them. `compiled_engine` walks the same path with numba; `base` chooses between the two, `parity` compares them.
"""
