"""Stream commits, changes and contents from git, through a scratch repository of ours."""
