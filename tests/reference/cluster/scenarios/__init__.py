"""What is done to the hosts: a file per scenario, each with `ABOUT` and `run(stage)`."""
