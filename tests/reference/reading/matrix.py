"""Configs of every version of spec 3: one fault for each rule of Ignition's own validation, and a sound neighbour.

Nothing here says which of them is which: that is Ignition's to say.
"""

import json
from collections.abc import Iterator

VERSIONS = [f"3.{minor}.0" for minor in range(7)]

# What stands in `storage.files`, and so on: each is judged alone.
FILES = [
    '{"path":"/etc/a"}', '{"path":"etc/a"}', '{"path":""}', "{}", '{"path":"/etc//a"}', '{"path":"/etc/a/"}',
    '{"path":"/etc/../a"}', '{"path":"/etc/./a"}', '{"path":"/"}', '{"path":null}', '{"path":1}',
    '{"path":"/a","mode":420}', '{"path":"/a","mode":0}', '{"path":"/a","mode":4095}', '{"path":"/a","mode":4096}',
    '{"path":"/a","mode":-1}', '{"path":"/a","mode":"420"}', '{"path":"/a","mode":420.0}', '{"path":"/a","mode":4.2e2}',
    '{"path":"/a","mode":null}', '{"path":"/a","mode":99999999999999999999}', '{"path":"/a","mode":true}',
    '{"path":"/a","mode":493}', '{"path":"/a","mode":1517}', '{"path":"/a","mode":-0}',
    '{"path":"/a","overwrite":true}', '{"path":"/a","overwrite":false}', '{"path":"/a","overwrite":"true"}',
    '{"path":"/a","overwrite":true,"contents":{"source":""}}', '{"path":"/a","overwrite":true,"contents":{"source":"data:,"}}',
    '{"path":"/a","overwrite":null}', '{"path":"/a","overwrite":1}',
    '{"path":"/a","user":{"id":1}}', '{"path":"/a","user":{"name":"core"}}', '{"path":"/a","user":{"id":1,"name":"core"}}',
    '{"path":"/a","user":{"id":1,"name":""}}', '{"path":"/a","group":{"id":1,"name":"core"}}', '{"path":"/a","user":"core"}',
    '{"path":"/a","user":[]}', '{"path":"/a","group":{"id":"1"}}', '{"path":"/a","user":null}', '{"path":"/a","user":{}}',
    '{"path":"/a","contents":"x"}', '{"path":"/a","contents":[]}', '{"path":"/a","contents":{}}', '{"path":"/a","contents":null}',
    '{"path":"/a","append":{}}', '{"path":"/a","append":[{"source":"data:,a"},{"source":"data:,a"}]}', '{"path":"/a","append":[null]}',
    '{"path":"/a","append":["x"]}', '{"path":"/a","append":[{"source":"ftp://a/b"}]}',
    '{"path":"/a","Mode":420}', '{"PATH":"/a"}', '{"path":"/a","colour":1}', '{"path":"/a","filesystem":"root"}', "null", "[]", '"x"', "1",
]
SOURCES = [
    "http://h/a", "https://h/a", "HTTPS://h/a", "tftp://h/a", "s3://b/k", "gs://b/k", "ftp://h/a", "file:///a", "h/a", "/a", "",
    "s3://b/k?versionId=1", "s3://b/k?versionId=", "s3://b/k?versionId", "arn:aws:s3:::b/k", "arn:aws:s3:::b", "arn:aws:iam::1:b/k",
    "arn:aws:s3:::b/k?versionId=", "arn:aws:s3:eu-west-1:1:accesspoint/n/object/k", "arn:aws:s3:eu-west-1:1:accesspoint/n", "arn:aws",
    "http://h/%zz", "http://h/%41", "http://h/%4", "http://h:b/", "http://h:80/", "http://[::1]/a", "http:// h/", "http://h/a b", ":a", "1a://b", "http",
    "data:,a", "data:,", "data:", "data:a", "data:,a%20b", "data:,a b", "data:,a%2", "data:,%zz", "data:,a#b", 'data:,a"b', "data:,a{b}",
    "data:,a[b", "data:,a^b", "data:,a`b", "data:,a|b", "data:,a<b", "data:,a?b&c=d;e", "data:,a,b", "data:,é", "data:,%C3%A9",
    "data:;base64,YQ==", "data:;base64,YQ", "data:;base64,Y", "data:;base64,Y Q==", "data:;base64,YQ==\n", "data:;base64,***", "data:;base64,",
    "data:base64,YQ==", "data:;base32,YQ==", "data:text/plain,a", "data:text/plain;charset=utf-8,a", "data:text/plain;charset=utf-8;base64,YQ==",
    "data:text/plain;base64;charset=utf-8,YQ==", "data:foo/bar,a", "data:text,a", "data:text/,a", "data:application/json,a", "data:x-a/b,a",
    "data:text/plain;charset,a", 'data:text/plain;charset="utf-8",a', "data:text/plain;=a,b", "data:;,a", "data:;;base64,YQ==", "data:text/pl ain,a",
    "DATA:,a", "data://,a",
]
RESOURCES = [
    '{"source":"data:,a","compression":""}', '{"source":"data:,a","compression":"gzip"}', '{"source":"data:,a","compression":"zip"}',
    '{"source":"data:,a","compression":null}', '{"source":"data:,a","compression":1}', '{"compression":"gzip"}',
    '{"source":"http://h/a","compression":"GZIP"}', '{"source":null}', '{"source":1}',
    '{"verification":{"hash":"sha512-%s"}}' % ("0" * 128), '{"source":"http://h/a","verification":{"hash":"sha512-%s"}}' % ("0" * 128),
    '{"source":"http://h/a","verification":{"hash":"sha512-00"}}', '{"source":"http://h/a","verification":{"hash":"sha256-%s"}}' % ("0" * 64),
    '{"source":"http://h/a","verification":{"hash":"sha256-%s"}}' % ("0" * 63), '{"source":"http://h/a","verification":{"hash":"md5-00"}}',
    '{"source":"http://h/a","verification":{"hash":"sha512"}}', '{"source":"http://h/a","verification":{"hash":""}}',
    '{"source":"http://h/a","verification":{"hash":null}}', '{"source":"http://h/a","verification":{}}', '{"source":"http://h/a","verification":"x"}',
    '{"source":"http://h/a","httpHeaders":[{"name":"a","value":"b"}]}', '{"source":"https://h/a","httpHeaders":[{"name":"a","value":"b"}]}',
    '{"source":"s3://h/a","httpHeaders":[{"name":"a","value":"b"}]}', '{"source":"http://h/a","httpHeaders":[{"name":"","value":"b"}]}',
    '{"source":"http://h/a","httpHeaders":[{"value":"b"}]}', '{"source":"http://h/a","httpHeaders":[{"name":"a","value":""}]}',
    '{"source":"http://h/a","httpHeaders":[{"name":"a","value":"b"},{"name":"a","value":"c"}]}', '{"httpHeaders":[{"name":"a","value":"b"}]}',
    '{"source":"http://h/a","httpHeaders":[]}', '{"source":"http://h/a","httpHeaders":{}}', '{"source":"http://h/a","httpHeaders":[{"name":1}]}',
]
SECTIONS = {
    "storage.directories": [
        '{"path":"/a"}', '{"path":"a"}', '{"path":"/a","mode":4096}', '{"path":"/a","mode":1023}', "{}", '{"path":"/a","overwrite":true}',
        '{"path":"/a"},{"path":"/a"}', '{"path":"/a"},{"path":"/a/b"}', '{"path":"/a","contents":{}}',
    ],
    "storage.links": [
        '{"path":"/a","target":"/b"}', '{"path":"/a"}', '{"path":"/a","target":""}', '{"path":"a","target":"/b"}', '{"path":"/a","target":"b"}',
        '{"path":"/a","target":"/b","hard":true}', '{"path":"/a","target":"/b","hard":"true"}', '{"path":"/a","target":"/b","user":{"id":1}}',
        '{"path":"/a","target":"/b","hard":true,"user":{"id":1}}', '{"path":"/a","target":"/b","user":{"id":1,"name":"x"}}', '{"path":"/a","target":1}',
        '{"path":"/a","target":"/b"},{"path":"/a/c","target":"/d"}', '{"path":"/a","target":"/b"},{"path":"/ac","target":"/d"}',
        '{"path":"/a","target":"/b"},{"path":"/a","target":"/b"}', '{"path":"/a","target":"/b","mode":420}',
    ],
    "storage.disks": [
        '{"device":"/dev/a"}', '{"device":"a"}', '{"device":""}', "{}", '{"device":"/dev//a"}', '{"device":"/dev/a"},{"device":"/dev/a"}',
        '{"device":"/dev/a","wipeTable":true}', '{"device":"/dev/a","wipeTable":1}', '{"device":"/dev/a","partitions":{}}',
        *(
            f'{{"device":"/dev/a","partitions":[{partitions}]}}'
            for partitions in [
                "", '{"number":1}', '{"label":"a"}', "{}", '{"number":0}', '{"number":0,"label":"a"}', '{"number":"1"}',
                '{"number":1},{"number":1}', '{"number":1},{"number":2}', '{"label":"a"},{"label":"a"}', '{"label":"a"},{"label":"b"}',
                '{"number":1,"label":"a"},{"number":2,"label":"a"}', '{"label":"%s"}' % ("a" * 36), '{"label":"%s"}' % ("a" * 37), '{"label":"a:b"}',
                '{"number":1,"typeGuid":"0FC63DAF-8483-4772-8E79-3D69D8477DE4"}', '{"number":1,"typeGuid":"0fc63daf-8483-4772-8e79-3d69d8477de4"}',
                '{"number":1,"typeGuid":"0FC63DAF"}', '{"number":1,"typeGuid":""}', '{"number":1,"guid":"x"}', '{"number":1,"guid":""}',
                '{"number":1,"guid":"0FC63DAF-8483-4772-8E79-3D69D8477DE4"}', '{"number":1,"shouldExist":false}',
                '{"number":1,"shouldExist":false,"label":"a"}', '{"number":1,"shouldExist":false,"sizeMiB":1}', '{"number":1,"shouldExist":false,"typeGuid":""}',
                '{"number":1,"shouldExist":true,"label":"a"}', '{"number":1,"resize":true}', '{"number":1,"wipePartitionEntry":true}',
                '{"number":1,"startMiB":1,"sizeMiB":10},{"number":2,"startMiB":11,"sizeMiB":10}',
                '{"number":1,"startMiB":1,"sizeMiB":10},{"number":2,"startMiB":10,"sizeMiB":10}',
                '{"number":1,"startMiB":1,"sizeMiB":10},{"number":2,"startMiB":5,"sizeMiB":0}',
                '{"number":1,"startMiB":1,"sizeMiB":10},{"number":2,"startMiB":11,"sizeMiB":0}',
                '{"number":1,"startMiB":0,"sizeMiB":10},{"number":2,"startMiB":0,"sizeMiB":10}',
                '{"number":1,"startMiB":5,"sizeMiB":1},{"number":2,"startMiB":1,"sizeMiB":10}',
                '{"number":1,"startMiB":5},{"number":2,"startMiB":5}', '{"number":1,"startMiB":"5"}', '{"number":1,"sizeMiB":1.5}',
            ]
        ),
    ],
    "storage.raid": [
        '{"name":"a","level":"raid1","devices":["/dev/a","/dev/b"]}', '{"name":"a","devices":["/dev/a"]}', '{"name":"a","level":"","devices":["/dev/a"]}',
        '{"name":"a","level":"raid7","devices":["/dev/a"]}', '{"name":"a","level":"raid1"}', '{"name":"a","level":"raid1","devices":[]}',
        '{"name":"a","level":"raid1","devices":["a"]}', '{"name":"a","level":"raid1","devices":["/dev/a","/dev/a"]}',
        '{"name":"a","level":"raid0","devices":["/dev/a"],"spares":1}', '{"name":"a","level":"raid1","devices":["/dev/a"],"spares":1}',
        '{"name":"a","level":"linear","devices":["/dev/a"],"spares":0}', '{"name":"a","level":"stripe","devices":["/dev/a"],"spares":2}',
        *('{"name":"a","level":"%s","devices":["/dev/a"]}' % level for level in "linear stripe mirror 0 1 4 5 6 10 raid4 raid5 raid6 raid10 RAID1 2".split()),
        '{"name":"a","level":"raid1","devices":["/dev/a"]},{"name":"a","level":"raid1","devices":["/dev/b"]}', '{"name":"a","level":1,"devices":["/dev/a"]}',
        '{"name":"a","level":"raid1","devices":["/dev/a"],"options":["-x","-x"]}', '{"name":"a","level":"raid1","devices":"/dev/a"}',
    ],
    "storage.filesystems": [
        '{"device":"/dev/a","format":"ext4"}', '{"device":"a","format":"ext4"}', '{"format":"ext4"}', '{"device":"/dev/a"}', '{"device":"/dev/a","format":""}',
        *('{"device":"/dev/a","format":"%s"}' % word for word in "xfs btrfs vfat swap none zfs ext3 EXT4".split()),
        '{"device":"/dev/a","path":"/a"}', '{"device":"/dev/a","path":""}', '{"device":"/dev/a","format":"ext4","path":"a"}', '{"device":"/dev/a","label":"a"}',
        '{"device":"/dev/a","uuid":"x"}', '{"device":"/dev/a","wipeFilesystem":true}', '{"device":"/dev/a","wipeFilesystem":false}',
        '{"device":"/dev/a","options":["x"]}', '{"device":"/dev/a","options":[]}', '{"device":"/dev/a","mountOptions":["x"]}',
        '{"device":"/dev/a","format":"ext4","mountOptions":["x","x"]}', '{"device":"/dev/a","format":"ext4","options":["x","x"]}',
        *(
            '{"device":"/dev/a","format":"%s","label":"%s"}' % (word, "a" * length)
            for word, most in [("ext4", 16), ("xfs", 12), ("swap", 15), ("vfat", 11), ("btrfs", 256)]
            for length in (most, most + 1)
        ),
        '{"device":"/dev/a","format":"ext4"},{"device":"/dev/a","format":"ext4"}', '{"device":"/dev/a","format":1}', '{"device":"/dev/a","format":null}',
        '{"device":"/dev/a","format":"none","path":"/a"}',
    ],
    "storage.luks": [
        '{"name":"a","device":"/dev/a"}', '{"name":"a/b","device":"/dev/a"}', '{"name":"a"}', '{"name":"a","device":""}', '{"name":"a","device":"a"}',
        '{"name":"a","device":"/dev/a","label":"%s"}' % ("a" * 47), '{"name":"a","device":"/dev/a","label":"%s"}' % ("a" * 48),
        '{"name":"a","device":"/dev/a"},{"name":"a","device":"/dev/b"}', '{"name":"a","device":"/dev/a","keyFile":{"source":"ftp://x"}}',
        '{"name":"a","device":"/dev/a","keyFile":{"source":"data:,a"}}', '{"name":"a","device":"/dev/a","options":["x","x"]}',
        '{"name":"a","device":"/dev/a","openOptions":["x","x"]}', '{"name":"a","device":"/dev/a","openOptions":["x"]}', '{"name":"a","device":"/dev/a","discard":true}',
        '{"name":"a","device":"/dev/a","cex":{"enabled":true}}', '{"name":"a","device":"/dev/a","cex":{"enabled":true},"clevis":{"tpm2":true}}',
        '{"name":"a","device":"/dev/a","cex":{"enabled":true},"keyFile":{"source":"data:,a"}}', '{"name":"a","device":"/dev/a","cex":{"enabled":false},"clevis":{"tpm2":true}}',
        *(
            '{"name":"a","device":"/dev/a","clevis":%s}' % clevis
            for clevis in [
                "{}", '{"tpm2":true}', '{"threshold":1}', '{"custom":{"pin":"tpm2","config":"{}"}}', '{"custom":{"pin":"tpm2"}}', '{"custom":{"config":"{}"}}', '{"custom":{}}',
                '{"custom":{"pin":"tpm2","config":"{}"},"tpm2":true}', '{"custom":{"pin":"tpm2","config":"{}"},"threshold":1}', '{"custom":{"pin":"x","config":"{}"}}',
                '{"custom":{"pin":"tpm2","config":"{}"},"threshold":0}', '{"custom":{"needsNetwork":true}}', '{"custom":{},"tpm2":true}',
                '{"tang":[{"url":"https://t","thumbprint":"x"}]}', '{"tang":[{"url":"ftp://t","thumbprint":"x"}]}', '{"tang":[{"url":"https://t"}]}', '{"tang":[{"thumbprint":"x"}]}',
                '{"tang":[{"url":"https://t","thumbprint":""}]}', '{"tang":[{"url":"https://t","thumbprint":"x"},{"url":"https://t","thumbprint":"y"}]}',
                '{"tang":[{"url":"https://t","thumbprint":"x","advertisement":"{}"}]}', '{"tang":[{"url":"https://t","thumbprint":"x","advertisement":"{"}]}', '{"tpm2":1}',
            ]
        ),
    ],
    "passwd.users": [
        '{"name":"a"}', '{"name":"a"},{"name":"a"}', '{"name":"a"},{"name":"b"}', '{"name":"a","uid":"1"}', '{"name":"a","uid":1}', '{"name":"a","groups":["x","x"]}',
        '{"name":"a","groups":["wheel","sudo"]}', '{"name":"a","groups":"wheel"}', '{"name":"a","sshAuthorizedKeys":["k","k"]}', '{"name":"a","sshAuthorizedKeys":["k"]}',
        '{"name":"a","shouldExist":false}', '{"name":"a","system":true}', '{"name":"a","ssh_authorized_keys":["k"]}', '{"name":1}', '{"name":"a","gecos":1}',
    ],
    "passwd.groups": [
        '{"name":"a"}', '{"name":"a"},{"name":"a"}', '{"name":"a","gid":1}', '{"name":"a","gid":"1"}', '{"name":"a","shouldExist":false}', '{"name":"a","passwordHash":"x"}',
    ],
    "systemd.units": [
        '{"name":"a.service"}', '{"name":"a"}', '{"name":""}', "{}", '{"name":"a.conf"}', '{"name":"a.mount"}', '{"name":"a.snapshot"}', '{"name":"a@b.service"}', '{"name":"a.nspawn"}',
        '{"name":"a.service"},{"name":"a.service"}', '{"name":"a.service","enabled":true}', '{"name":"a.service","enabled":"true"}', '{"name":"a.service","mask":true}',
        '{"name":"a.service","enable":true}', '{"name":"a.service","contents":1}', '{"name":"a.service","contents":""}',
        '{"name":"a.service","contents":"[Unit]\\nDescription=a\\n[Service]\\nExecStart=/bin/true\\nType=oneshot\\n"}', '{"name":"a.service","contents":"[Unit\\n"}',
        '{"name":"a.service","dropins":[{"name":"a.conf","contents":"[Unit]\\nDescription=a\\n"}]}', '{"name":"a.service","dropins":[{"name":"a","contents":""}]}',
        '{"name":"a.service","dropins":[{"name":"a.conf"},{"name":"a.conf"}]}', '{"name":"a.service","dropins":[{"contents":""}]}', '{"name":"a.service","dropins":{}}',
        '{"name":"a.service","dropins":[{"name":"a.conf","contents":"[Unit\\n"}]}',
    ],
    "ignition.config.merge": [
        "{}", '{"source":""}', '{"source":"https://h/a"}', '{"source":"https://h/a"},{"source":"https://h/a"}', '{"source":"ftp://h"}', '{"source":null}',
        '{"source":"https://h/a","compression":"gzip"}', '{"source":"https://h/a","verification":{"hash":"sha512-00"}}', '{"source":"https://h/a","httpHeaders":[{"name":"a","value":"b"}]}',
    ],
    "ignition.security.tls.certificateAuthorities": [
        "{}", '{"source":"https://h/a"}', '{"source":""}', '{"source":"https://h/a"},{"source":"https://h/a"}', '{"source":"x"}', '{"source":"https://h/a","compression":"gzip"}',
    ],
    "kernelArguments.shouldExist": ['"a"', '"a","b"', '"a","a"', "1", '{"a":1}'],
}
# What stands beside `ignition` at the top, or inside of it.
WHOLE = [
    '"storage":{}', '"storage":[]', '"storage":null', '"Storage":{}', '"colour":1', '"passwd":{"users":{}}', '"systemd":"x"', '"passwd":1',
    '"kernelArguments":{"shouldExist":["a"],"shouldNotExist":["b"]}', '"kernelArguments":{"shouldExist":["a"],"shouldNotExist":["a"]}', '"kernelArguments":{"shouldNotExist":["a","a"]}',
    '"storage":{"files":[{"path":"/a"}],"directories":[{"path":"/a"}]}', '"storage":{"files":[{"path":"/a"}],"links":[{"path":"/a","target":"/b"}]}',
    '"storage":{"files":[{"path":"/a/b"}],"links":[{"path":"/a","target":"/b"}]}', '"storage":{"directories":[{"path":"/a/b"}],"links":[{"path":"/a","target":"/b"}]}',
    '"storage":{"files":[{"path":"/ab"}],"links":[{"path":"/a","target":"/b"}]}', '"storage":{"files":[{"path":"/a"},{"path":"/a"}]}',
    '"storage":{"directories":[{"path":"/b"}],"links":[{"path":"/a","target":"/b","hard":true}]}', '"storage":{"directories":[{"path":"/b"}],"links":[{"path":"/a","target":"/b"}]}',
    '"storage":{"directories":[{"path":"/a/b"}],"links":[{"path":"/a","target":"b","hard":true}]}', '"storage":{"directories":[{"path":"/b"}],"links":[{"path":"/a","target":"/c/../b","hard":true}]}',
    '"storage":{"disks":[{"device":"/dev/a","partitions":[{"number":1}]}],"filesystems":[{"device":"/dev/a","format":"xfs"}]}',
    '"storage":{"disks":[{"device":"/dev/a","wipeTable":true}],"filesystems":[{"device":"/dev/a","format":"xfs"}]}',
    '"storage":{"files":[{"path":"/etc/systemd/system/a.service"}]},"systemd":{"units":[{"name":"a.service","contents":"[Unit]\\nDescription=a\\n[Service]\\nExecStart=/bin/true\\nType=oneshot\\n"}]}',
    '"storage":{"files":[{"path":"/etc/systemd/system/a.service"}]},"systemd":{"units":[{"name":"a.service","contents":""}]}',
    '"storage":{"files":[{"path":"/etc/systemd/system/a.service.d/b.conf"}]},"systemd":{"units":[{"name":"a.service","dropins":[{"name":"b.conf","contents":"[Unit]\\nDescription=a\\n"}]}]}',
]
IGNITION = [
    '"proxy":{"httpProxy":"http://p"}', '"proxy":{"httpProxy":"ftp://p"}', '"proxy":{"httpsProxy":"https://p"}', '"proxy":{"httpsProxy":"http://p"}', '"proxy":{"httpsProxy":"p"}',
    '"proxy":{"noProxy":["a","a"]}', '"proxy":{"noProxy":["a"]}', '"proxy":{"noProxy":"a"}', '"timeouts":{"httpTotal":1}', '"timeouts":{"httpTotal":"1"}', '"timeouts":{"httpTotal":1.5}',
    '"config":{"replace":{}}', '"config":{"replace":{"source":"https://h/a"}}', '"config":{"replace":{"source":"x"}}', '"config":{"replace":[]}', '"config":{"append":[]}',
    '"config":{"replace":{"source":"https://h/a","verification":{"hash":"x"}}}', '"config":null', '"colour":1', '"security":{"tls":{"colour":1}}', '"security":[]',
]
# No JSON, or nearly so; `V` is the version.
TEXTS = [
    '{"ignition":{"version":"V"}}', '{"ignition":{"version":"V"},}', '{"ignition":{"version":"V",}}', "{'ignition':{'version':'V'}}", '{ignition:{"version":"V"}}',
    '{"ignition":{"version":"V"}} {}', '{"ignition":{"version":"V"}}x', '// a\n{"ignition":{"version":"V"}}', '{/* a */"ignition":{"version":"V"}}', '# a\n{"ignition":{"version":"V"}}',
    '{"ignition":{"version":"V"},"storage":{"files":[{"path":"/a","mode":0644}]}}', '{"ignition":{"version":"V"},"storage":{"files":[{"path":"/a","mode":0x1a4}]}}',
    '{"ignition":{"version":"V"},"storage":{"files":[{"path":"/a","mode":+420}]}}', '{"ignition":{"version":"V"},"storage":{"files":[{"path":"/a",,"mode":420}]}}',
    '{"ignition":{"version":"V"},"storage":{"files":[,]}}', '{"ignition":{"version":"V"}', '{"ignition":{"version":"V"}}}', '{"ignition":{"version":"V"},"passwd":{"users":[{"name":"a\tb"}]}}',
    '{"ignition":{"version":"V"},"passwd":{"users":[{"name":"a\\tb"}]}}', '{"ignition":{"version":"V"},"passwd":{"users":[{"name":"a\\x41"}]}}',
    '{"ignition":{"version":"V"},"passwd":{"users":[{"name":"\\u00e9"}]}}', '{"ignition":{"version":"V"},"passwd":{"users":[{"name":"\\ud83d\\ude00"}]}}',
    '{"ignition":{"version":"V"},"passwd":{"users":[{"name":"a\\/b"}]}}', '{"ignition":{"version":"V"},"ignition":{"version":"V"}}', '\ufeff{"ignition":{"version":"V"}}',
    ' \n\t{"ignition":{"version":"V"}}\n ', '\x0b{"ignition":{"version":"V"}}', '\xa0{"ignition":{"version":"V"}}', '{"ignition":{"version":"V"},"passwd":{"users":[{"name":"a\x00"}]}}',
    '{"ignition":{"version":"V"},"systemd":{"units":[{"name":"a.service","enabled":True}]}}', '{"ignition":{"version":"V"},"systemd":{"units":[{"name":"a.service","enabled":tru}]}}',
    '{"ignition":{"version":"V"},"storage":{"files":NaN}}', '{"Ignition":{"version":"V"}}', '{"ignition":{"Version":"V"}}', '{"ignition":{"version":"V"}},', "ignition:\n  version: V\n",
]
VERSIONLESS = [
    '{"ignition":{}}', '{"ignition":{"version":""}}', '{"ignition":{"version":"3.9.0"}}', '{"ignition":{"version":"3.0"}}', '{"ignition":{"version":"x"}}', '{"ignition":{"version":3}}',
    '{"ignition":{"version":null}}', '{"ignition":null}', '{"ignition":"3.0.0"}', "{}", "[]", "null", '"x"', "1", '{"storage":{}}', '{"ignition":{"version":"3.6.0-experimental"}}',
    '{"ignition":{"version":"3.7.0-experimental"}}', '{"ignition":{"version":"3.7.0"}}', '{"ignition":{"version":"4.0.0"}}', '{"ignition":{"version":"3.0.0"},"x":"' + "a" * 70_000 + '"}',
]


def configs() -> Iterator[tuple[str, str]]:
    """Yields every config, with what is odd about it and the version it is of."""
    yield from (("", text) for text in VERSIONLESS)
    fragments = {"storage.files": [*FILES]}
    fragments["storage.files"] += [f'{{"path":"/a","contents":{{"source":{json.dumps(source)}}}}}' for source in SOURCES]
    fragments["storage.files"] += [f'{{"path":"/a","contents":{resource}}}' for resource in RESOURCES]
    fragments["ignition.config.replace"] = RESOURCES
    fragments |= SECTIONS
    for version in VERSIONS:
        yield from ((version, text.replace("V", version)) for text in TEXTS)
        yield from ((version, f'{{"ignition":{{"version":"{version}"}},{more}}}') for more in WHOLE)
        yield from ((version, f'{{"ignition":{{"version":"{version}",{more}}}}}') for more in IGNITION)
        for path, items in fragments.items():
            for item in items:
                yield version, wrapped(version, path.split("."), item)


def wrapped(version: str, path: list[str], item: str) -> str:
    """Returns a config that has an item at a path."""
    inner = item if path[-1] == "replace" else f"[{item}]"
    for key in reversed(path[1:]):
        inner = f'{{"{key}":{inner}}}'
    if path[0] == "ignition":
        return f'{{"ignition":{{"version":"{version}",{inner[1:-1]}}}}}'
    return f'{{"ignition":{{"version":"{version}"}},"{path[0]}":{inner}}}'
