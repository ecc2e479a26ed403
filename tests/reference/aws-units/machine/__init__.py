"""A machine of a stack: its own root, network and disks, and the AWS it asks."""
