"""gapmap: where London's safeguarding partnerships see, agree and close gaps in schools."""
