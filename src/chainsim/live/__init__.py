"""The engine in the page: a mailed report simulates again, with the numbers of `chainsim run`, bit for bit.

`module` holds the event loop as WebAssembly (made by `llvm` and `wasm`), `trace` notes the measures of `chainsim.kpis` as a program,
`pack` lays out what each policy's memory is before it runs and what levers change in it, `limits` says when that is too much, `scripts`
gives the JavaScript (`engine/*.js`) that carries all of it out. Python writes every number; the page copies words, runs the loop, and adds up.
"""
