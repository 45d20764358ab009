"""What it means: categories with their rules and operands, never words."""
