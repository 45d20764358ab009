"""Statements about breast and axilla that are not response criteria."""
