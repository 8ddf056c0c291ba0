"""Between the projects of a portfolio: what failed in two, was fixed in one alone, or has drifted apart."""
