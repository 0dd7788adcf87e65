"""Stress tests: what shocks do to each policy, how long customers notice nothing, and what would be enough against it.

| noun | where | what it is |
|---|---|---|
| shock | `shocks` | a function from the calm scenario and a size to the scenario in which it happens; the library is a registry |
| place | `places` | a site or a lane that may be out, and the customers behind it |
| calm | `calm` | a policy in the scenario as it is, its levels, and the path that all is compared with |
| watch | `watch` | what is read of a replication: a few measures, and what customers lack bucket by bucket |
| recovery | `recovery` | time to survive and time to recover, from paths |
| buffer | `buffers` | the cheapest stock with which nobody notices that a place is out |
| asking | `asking` | what is asked, in a call or by the scenario's `stress:`, checked before any work |
| reverse | `reverse` | the mildest shock of a kind that breaks a target |

Everything of one policy runs on common random numbers, and with the levels of the calm world unless it says otherwise.
"""
