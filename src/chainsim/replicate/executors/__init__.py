"""Where tasks run: here, in processes, in threads. The results are the same.

Another place (a cluster) is one more file with a class that has `workers` and `submit`, as `base.Executor` says.
"""
