"""`recon desk`: a local page for everything an accountant does with the tool.

Here: a module a page, which calls the rooms below, and what guards them: who may ask (`guard`),
whose desk a folder is (`holding`), work in a process of its own (`jobs`). Not here: any rule of the
field; nothing is possible here that the command line cannot do, and both write the same events.
"""
