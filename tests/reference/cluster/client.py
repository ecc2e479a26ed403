"""The Java client that writes, reads and counts (`java/Client.java`): one process, one command a line."""

import json
import select
import subprocess

from .places import RUN, WORK
from .shell import LIMIT, Failure, detach


class Client:
    def __init__(self, bootstrap: str, topic: str = "events") -> None:
        self.topic = topic
        log = RUN / "logs" / "client.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log.open("ab")
        path = f"{WORK / 'client'}:{WORK / 'jars' / 'kafka-with-zookeeper'}/*"
        self.process = subprocess.Popen(
            [
                "java",
                "-Xmx512m",
                f"-Dlog4j.configuration=file:{WORK.parent.parent / 'cluster/images/tools-log4j.properties'}",
                "-cp",
                path,
                "Client",
                bootstrap,
                topic,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            preexec_fn=detach,
        )

    def ask(self, *words: object) -> dict:
        """Sends a command and returns its answer; a client that gives none within the limit is ended."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise Failure("the client was started without pipes")
        stdin.write(" ".join(str(word) for word in words) + "\n")
        stdin.flush()
        # One line is one answer, so nothing is left in a buffer that `select` cannot see.
        if not select.select([stdout], [], [], LIMIT)[0]:
            self.process.kill()
            raise Failure(f"client, {words[0]}: no answer within {LIMIT} s")
        line = stdout.readline()
        if not line:
            raise Failure("the client ended; see client.log")
        answer = json.loads(line)
        if "error" in answer:
            raise Failure(f"client, {words[0]}: {answer['error']}")
        return answer

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def broker_ids(self, connect: str) -> list[int]:
        return self.ask("ids", connect)["ids"]

    def partitions(self, topic: str | None = None) -> list[dict]:
        return self.ask("topic", topic or self.topic)["partitions"]

    def nodes(self) -> list[dict]:
        return self.ask("nodes")["nodes"]
