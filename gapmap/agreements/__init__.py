"""What people agree, ask, save and edit on the screens; it is kept in the office."""
