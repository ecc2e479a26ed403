"""What cfgbuild knows of the command lines of docker and podman, held to their own clients."""
