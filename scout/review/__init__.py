"""What reviewers see and decide: the inbox's order and the table of transitions. Pure."""
