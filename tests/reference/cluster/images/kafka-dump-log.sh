#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128M -cp '/opt/kafka/libs/*' kafka.tools.DumpLogSegments "$@"
