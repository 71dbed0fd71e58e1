"""An upload on its way in: what it covers, what it carries over, whether it may be published."""
