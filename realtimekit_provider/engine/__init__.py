"""Pulumi's side: what the engine calls, and what a program gives it."""
