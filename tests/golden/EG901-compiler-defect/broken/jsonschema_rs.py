raise ZeroDivisionError("what a library does on a bad day")
