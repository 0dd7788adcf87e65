"""Experiments: one study at many points, from what is varied to what it does and when the choice changes.

`chainsim.experiment(file)` reads a description, simulates every point on the same customers and returns `ExperimentResults`;
`study.sweep({path: values})` is the short form. A results folder is a public interface; point and every factor are columns of
all tables about points:

| file | columns or content |
|---|---|
| factors.csv | factor, path, unit, values |
| points.csv | point, factors …, status, events, message |
| warnings.csv | policy, site, product, warning, points: what is said of each stock point, and at which points |
| results.csv | point, factors …, policy, site, product, kpi, unit, value, half_width, low, high, level, n |
| replications.csv | point, factors …, policy, replication, site, product, kpi, value, and of a ratio numerator, denominator |
| differences.csv | point, factors …, policy, baseline, site, product, kpi, difference, half_width, verdict, n |
| best.csv | point, factors …, policy, kpi, value, meets, chosen, place, rival, gap, low, high, breaks: every policy against the best there |
| effects.csv | policy, site, product, kpi, kind, factor, other, from, to, effect, low, high, share, method |
| level_means.csv | policy, site, product, kpi, factor, level_of_factor, mean, half_width, points (full factorial) |
| breaks.csv | box, policy, factor, low, high, values, chance, points, broken, density, coverage, words: futures that break the choice |
| theory.csv | curve, kpi, factor, level_of_factor, theory, source |
| experiment.html, charts/ | the page and its charts (`results.report()`) |
| experiment.yaml | the experiment as it was asked |
| manifest.json | written last: versions, seed, points that failed, sha256 of each file |
"""
