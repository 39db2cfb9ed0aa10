"""The command line: arguments and exit codes, nothing else.

What a command needs is imported when it runs, so that `--help` answers at once.
"""
