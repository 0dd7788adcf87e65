"""A room over the network of a class: one page for phones, one websocket for each of them. Needs the extra [serve]."""
