# An empty page: what is left is the frame around it.
