"""What gapmap can do without a browser, for the command line and for the owner of the stores."""
