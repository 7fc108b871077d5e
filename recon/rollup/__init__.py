"""Several counties as one city: each county's own run, added up and proven, and what none sees.

Here: which folders are counties and which are stale (`counties`), a county in a process of its own
(`county`, `turns`), the sums and their proof (`figures`), rules over all registers (`cross`), runs
of several years (`years`), the city's folder (`papers`). Not here: any rule of one county.
"""
