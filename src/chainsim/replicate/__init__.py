"""More replications of a Plan, and what is read of them: what a run, `verify`, short simulations and every search need.

| noun | where | what it is |
|---|---|---|
| task | `task` | some replications of a Plan, simulated and read; what came of it is an outcome or a failure |
| sampler | `sampler` | which replications there are of each of several Plans, and the tasks for those still wanted |
| executor | `executors` | where tasks run: here, in processes, in threads, on a cluster: `submit(tasks)` gives (task, outcome) as they end |
| share | `share` | one of N parts of all that, for who works on another machine |

Replication r of a Plan is a pure function of the Plan and r: tasks may be cut anywhere, run anywhere and in any order. What is
read is up to a *reader*: `reader(plan)` gives the function that looks at records. Nothing here touches a disk, and nothing is
told to anybody. Workers load this package: no pandas, no scipy, no pydantic.
"""
