"""Where tasks run: here, in processes, in threads, on a cluster. The results are the same.

Another place is one more file with a class that has `workers` and `submit`, as `base.Executor` says.
"""
