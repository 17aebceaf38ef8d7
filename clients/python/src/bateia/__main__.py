"""`python -m bateia` is the command `bateia`."""

from bateia.command import main

if __name__ == "__main__":
    main()
