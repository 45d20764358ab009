"""The command line: parse, call, print, exit code.  Importing it loads nothing heavy, so that --help is quick."""
