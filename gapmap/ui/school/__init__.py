"""School: item by item, its history, what closes each gap, its trust."""
