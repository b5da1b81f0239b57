"""People who listen, in reviews and in studies: where what they say is kept, who gets in, and what they may hear."""
