"""The closed vocabulary of conditions that a decision table may name.

Each is a question about one side of a case (or the patient) with a plain yes or no; none raises, whatever the case
holds.  What is not stated is not a yes: "no" here means "not known to be so".
"""

from reporter.advice.conditions.registry import CONDITIONS, Condition, answer

__all__ = ["CONDITIONS", "Condition", "answer"]
