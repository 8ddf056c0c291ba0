"""The page: what a run left and what waits for a decision, read-only, for a browser on this machine."""
