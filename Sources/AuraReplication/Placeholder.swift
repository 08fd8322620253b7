// Journals on different nodes converge over the network effects.
