"""The buffer of ready work: what is there, what will be started, and how much definition work to order. Pure."""
