"""The command line: parses, calls one service function, renders its report."""
