"""The comparison of stored results: the port `CompareResults`, in a child process of low priority with bounded memory.

Results are whatever scripts returned, and may be large, so nothing of them is parsed in the process that serves
requests or claims executions: it only passes their text on.
"""
