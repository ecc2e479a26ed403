#!/usr/bin/bash
# Prints the name under which the EBS volume behind an NVMe device was attached. Written by cfgbuild.
# Amazon writes it into the vendor's part of the controller's identity: 32 bytes from byte 3072.
name=$(/usr/sbin/nvme id-ctrl --raw-binary "$1" | tail -c +3073 | head -c 32 | tr -d '\0 ')
name=${name#/dev/}
[[ $name =~ ^(sd|xvd)[a-z]{1,2}[0-9]*$ ]] || exit 1
echo "$name"
