"""What gapmap costs: loading files, asking the pages' questions, and the browser's wait.

Everything is set beside the bare tool doing the same work, in the same run and taking turns, so
that a slow or a busy machine slows both sides.
"""
