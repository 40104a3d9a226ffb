"""The command line: parse words, call one use case, choose an exit code."""
