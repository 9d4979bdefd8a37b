"""The proof's own reading of policies, which shares no code with what writes them; bottom up:

documents    texts into YAML values
manifests    values into policies, pods, Services, namespaces
intent       what the table and the extra rules ask for, as policies of the same kind
flows        what policies let through: classes of pods, regions, single connections, words for them
listing      all of it as a table
comparison   two sets of policies against each other: the proof, and drift of a cluster
changes      what changes between two sets, service by service
explanation  why one connection is allowed or denied
probing      which connections to try for real, and what their outcomes show
"""
