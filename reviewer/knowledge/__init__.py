"""Reading the knowledge that lawyers keep: playbooks, model clauses and law, as checked data."""
