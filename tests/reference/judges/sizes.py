"""Judges user data against EC2's limit: 16,384 bytes, counted before base64.

What is over the limit must have a form that is not: a wrapped Ignition config, a gzipped
cloud-config. Other platforms have other limits, which are not looked at.
"""

import gzip

from .builds import UNLIMITED
from .node import Node

LIMIT = 16_384


def judge(node: Node) -> list[str]:
    if node.spec in UNLIMITED:
        return []
    complaints = []
    handed_over = [node.ignition, node.cloud_config]
    if node.cloud_config_gz.exists():
        handed_over[1] = node.cloud_config_gz
        if gzip.decompress(node.cloud_config_gz.read_bytes()) != node.cloud_config.read_bytes():
            complaints.append("cloud-config.yaml.gz is not cloud-config.yaml, compressed")
    sizes = {file.name: file.stat().st_size for file in handed_over if file.exists()}
    return complaints + [
        f"{name} has {size} bytes, {size - LIMIT} over the limit" for name, size in sizes.items() if size > LIMIT
    ]
