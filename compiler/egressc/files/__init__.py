"""The disk: find and read sources, read a folder of generated files, write it all or not at all.

A name that ends in a place of the disk is one part of a path, never a path; reads are bounded. POSIX systems alone: a
folder is held open while its files are read or replaced.
"""
