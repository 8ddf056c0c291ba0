"""Exactly one class for every ticket of a backlog, of any taxonomy: rules, briefs, waves of workers, an audit."""
