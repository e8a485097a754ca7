"""The scheduler: cards and last runs become crawls and editions, in one process only."""
