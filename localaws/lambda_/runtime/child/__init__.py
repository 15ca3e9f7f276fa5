"""What runs inside a child process: standard library, time_machine and awslambdaric only.

The parent never imports these modules; `bootstrap.py` is started as a script and imports the
others as a package named `child`, from this folder.
"""
