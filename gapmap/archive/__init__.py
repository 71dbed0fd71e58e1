"""What every submission brought and went through, in files that never change."""
