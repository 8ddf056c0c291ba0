"""The criteria of the rubric, one a file."""
