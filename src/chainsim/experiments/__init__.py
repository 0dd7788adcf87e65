"""Experiments: one study at many points, from what is varied to what it does and when the choice changes.

`chainsim.experiment(file)` reads a description, simulates every point on the same customers and returns `ExperimentResults`;
`study.sweep({path: values})` is the short form. A results folder is a public interface; point and every factor are columns of
all tables about points:

| file | columns or content |
|---|---|
| factors.csv | factor, path, unit, values |
| points.csv | point, factors …, status, events, message |
| results.csv | point, factors …, policy, site, product, kpi, unit, value, half_width, low, high, level, n |
| replications.csv | point, factors …, policy, replication, site, product, kpi, value, and of a ratio numerator, denominator |
| differences.csv | point, factors …, policy, baseline, site, product, kpi, difference, half_width, verdict, n |
| experiment.yaml | the experiment as it was asked |
| manifest.json | written last: versions, seed, points that failed, sha256 of each file |
"""
