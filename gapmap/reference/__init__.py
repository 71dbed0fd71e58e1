"""What people declare in data/reference, each file read and checked by one module."""
