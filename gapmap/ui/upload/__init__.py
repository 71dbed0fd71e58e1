"""Upload and Submissions: a file's way in, step by step, and its life afterwards."""
