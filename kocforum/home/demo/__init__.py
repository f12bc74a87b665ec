"""The demo community: its texts and pictures as data, and the modules that load them."""
