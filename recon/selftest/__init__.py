"""Defects planted into a copy of the user's own data: are they found among the real rows?"""
