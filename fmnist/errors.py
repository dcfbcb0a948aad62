"""What the user can mend: errors whose message says what is wrong and what to do, and that need no traceback."""


class InputError(ValueError):
    """A value that the user gave cannot be used; the message names it and the values that can."""
