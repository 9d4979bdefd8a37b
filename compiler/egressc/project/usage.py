"""What a command line asks for and cannot have."""


class UsageProblem(Exception):
    """The command line names something that is not there, or two things that exclude each other: exit status 2."""


class UnknownName(UsageProblem):
    """It names a service, or an end of a connection, that a project may have in another environment."""
