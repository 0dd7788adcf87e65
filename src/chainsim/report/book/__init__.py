"""The workbook, a file a sheet: what stands on it and how it is printed.

| sheet | file |
|---|---|
| Overview: the first screen of the page, with charts of the spreadsheet | `overview`, `pictures` |
| Contents, with links | `contents` |
| Do this: every number to order by, today and new | `do_this` |
| Rates: every cost rate in a cell, totals and ranking as formulas | `rates` |
| Years: total cost in every replication, at the rates of Rates | `years` |
| Measures, Summary, Comparison … | `measures`, `tables` |

`tally` has the numbers behind Rates and Years; `writer` writes cells. A formula carries its value, for viewers that do not compute.
"""
