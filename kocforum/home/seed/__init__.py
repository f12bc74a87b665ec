"""A large synthetic community, for measuring. Written in bulk, without facts: nobody is told of it, no history holds it."""
