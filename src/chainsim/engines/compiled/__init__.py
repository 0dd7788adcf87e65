"""The compiled engine: an event loop over the same Plan, with the same rules, compiled by numba.

`layout` says what a replication consists of, `state` holds it in memory (NumPy only); `memory` teaches numba to see it as the world `w` of the rules;
`hooks` are what a world offers the rules; `loop` is how time advances, and `ahead` what need not wait for it; `building`
compiles all of it, `linking` each function once; `loops` keeps them by policies, `cache` keeps what was compiled. Nothing here decides anything about supply chains: that is in `chainsim.rules`.
"""
