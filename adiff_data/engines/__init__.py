"""Where many calls of one function are made: in processes of this machine, or on the machines of a Ray cluster."""
