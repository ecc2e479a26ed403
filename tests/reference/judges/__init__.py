"""Judges: each compares what cfgbuild wrote with a tool or a rule from outside the project.

A judge is a function from one node's folder to a list of complaints; an empty list means accepted.
No judge changes the folder it looks at, and none knows how cfgbuild came to its output.
"""
