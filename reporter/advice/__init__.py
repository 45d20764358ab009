"""What next: rows of the decision table that apply, next imaging, escalation; decided here, worded elsewhere."""
