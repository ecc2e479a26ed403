# For Packer 1.7 and later, once per machine: packer init plugins
# In a folder of its own because older Packers, which have these plugins built in, refuse the block.

packer {
  required_plugins {
    amazon = {
      "version" = ">= 1.0.0"
      "source"  = "github.com/hashicorp/amazon"
    }
    qemu = {
      "version" = ">= 1.0.0"
      "source"  = "github.com/hashicorp/qemu"
    }
  }
}
