"""``python -m scrubber``: the same as the command ``scrubber``."""

from scrubber.cli.main import main

if __name__ == "__main__":  # worker processes import this module again
    main()
