"""Processes of the tests' own, forked by a server that has the program loaded.

What they run must stand in a module without pytest: each of them would load that anew.
"""

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
# What the server itself finds, without the path of the tests: what it does not find it leaves out in silence.
PROCESSES.set_forkserver_preload(
    [
        "aggregator.archive",
        "aggregator.publishing",
        "aggregator.schedule.service",
        "aggregator.store.articles",
        "aggregator.store.placing",
        "psycopg",
        "sqlalchemy.dialects.postgresql",
    ]
)
