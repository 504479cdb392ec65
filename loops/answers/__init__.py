"""Answers to claims: the 999 and 277CA that we write, and those that come back.

`loops.answers.read.read` reads a file of any of them into the values of `loops.answers.kinds`.
"""
