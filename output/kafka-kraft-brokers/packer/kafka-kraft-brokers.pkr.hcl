# Bakes a machine image for role kafka-kraft-brokers: the images of its containers are on it, nothing of any node is.
# Written by cfgbuild; `packer build .` in this folder builds it, docs/packer.md explains it.

variable "region" {
  type        = string
  description = "Region; that of the AWS environment where empty"
  default     = ""
}

variable "instance_type" {
  type        = string
  description = "Type of the instance that bakes"
  default     = "m6i.xlarge"
}

variable "subnet_id" {
  type        = string
  description = "Subnet of the instance; of the default VPC where empty"
  default     = ""
}

variable "ssh_from" {
  type        = string
  description = "Network that may reach SSH while the instance bakes"
  default     = "0.0.0.0/0"
}

variable "instance_profile" {
  type        = string
  description = "Instance profile, for registries that ask for one"
  default     = ""
}

variable "kms_key_id" {
  type        = string
  description = "Key that encrypts the image; the account's own where empty"
  default     = ""
}

variable "source_ami_name" {
  type        = string
  description = "Name of the image to begin with; the newest that fits"
  default     = "Flatcar-stable-*-hvm"
}

variable "source_ami_owner" {
  type        = string
  description = "Account that publishes it"
  default     = "075585003325"
}

variable "architecture" {
  type        = string
  description = "Architecture of the image: x86_64 or arm64"
  default     = "x86_64"
}

variable "disk_image" {
  type        = string
  description = "Disk image to begin with: a path or a URL"
  default     = "image.qcow2"
}

variable "disk_image_checksum" {
  type        = string
  description = "Its checksum, as sha256:… or file:…"
  default     = "none"
}

variable "disk_format" {
  type        = string
  description = "Format of the new image: qcow2 or raw"
  default     = "qcow2"
}

variable "output_directory" {
  type        = string
  description = "Folder for the new image, which must not be there"
  default     = "image"
}

variable "accelerator" {
  type        = string
  description = "What runs the machine: kvm, hvf or tcg"
  default     = "kvm"
}

variable "ssh_private_key_file" {
  type        = string
  description = "Private half of a key that user core has"
  default     = ""
}

variable "ssh_timeout" {
  type        = string
  description = "How long the machine may take to boot"
  default     = "15m"
}

variable "qemu_args" {
  type        = list(list(string))
  description = "More words for QEMU's command line"
  default     = []
}

source "amazon-ebs" "kafka-kraft-brokers" {
  ami_name                              = "kafka-kraft-brokers-flatcar-{{timestamp}}"
  ami_description                       = "Kafka 4 brokers of the dedicated controllers of the kafka-controllers role"
  region                                = var.region
  instance_type                         = var.instance_type
  subnet_id                             = var.subnet_id
  iam_instance_profile                  = var.instance_profile
  user_data_file                        = "${path.root}/ignition.json"
  ssh_username                          = "core"
  temporary_security_group_source_cidrs = [var.ssh_from]
  encrypt_boot                          = true
  kms_key_id                            = var.kms_key_id
  tags = {
    "cfgbuild:role" = "kafka-kraft-brokers"
    "cfgbuild:os"   = "flatcar"
  }
  run_tags = {
    "cfgbuild:role" = "kafka-kraft-brokers"
    "cfgbuild:os"   = "flatcar"
  }

  source_ami_filter {
    most_recent = true
    owners      = [var.source_ami_owner]
    filters = {
      "name"                = var.source_ami_name
      "architecture"        = var.architecture
      "root-device-type"    = "ebs"
      "virtualization-type" = "hvm"
    }
  }

  launch_block_device_mappings {
    device_name           = "/dev/xvda"
    volume_size           = 20
    volume_type           = "gp3"
    iops                  = 3000
    throughput            = 125
    encrypted             = true
    delete_on_termination = true
  }
}

source "qemu" "kafka-kraft-brokers" {
  disk_image           = true
  iso_url              = var.disk_image
  iso_checksum         = var.disk_image_checksum
  format               = var.disk_format
  skip_resize_disk     = true
  disk_interface       = "virtio"
  net_device           = "virtio-net"
  accelerator          = var.accelerator
  headless             = true
  cpus                 = 2
  memory               = 2048
  qemuargs             = concat([["-fw_cfg", "name=opt/com.coreos/config,file=${path.root}/ignition.json"], ["-fw_cfg", "name=opt/org.flatcar-linux/config,file=${path.root}/ignition.json"]], var.qemu_args)
  ssh_username         = "core"
  ssh_private_key_file = var.ssh_private_key_file
  ssh_timeout          = var.ssh_timeout
  shutdown_command     = "sudo systemctl poweroff"
  output_directory     = var.output_directory
  vm_name              = "kafka-kraft-brokers-flatcar"
}

# The builder of the target's platform; the other one is there for a build of your own.
build {
  name    = "kafka-kraft-brokers"
  sources = ["source.amazon-ebs.kafka-kraft-brokers"]

  provisioner "shell" {
    script          = "${path.root}/wait.sh"
    execute_command = "sudo env {{ .Vars }} bash {{ .Path }}"
  }

  provisioner "shell" {
    script          = "${path.root}/reset.sh"
    execute_command = "sudo env {{ .Vars }} bash {{ .Path }}"
  }
}
