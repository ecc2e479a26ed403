"""Full boots of one machine in QEMU: real kernel, real initramfs with the real Ignition, real systemd and Docker."""
