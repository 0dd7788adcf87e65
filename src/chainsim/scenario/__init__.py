"""The scenario language: one YAML file in, a validated and frozen `Scenario` out.

`model` is what the rest of chainsim reads and is light to import; `load` brings pydantic and PyYAML with it.
"""
