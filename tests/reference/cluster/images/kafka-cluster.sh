#!/bin/sh
# shellcheck disable=SC2086 # options are several words
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128M $KAFKA_LOG4J_OPTS -cp '/opt/kafka/libs/*' org.apache.kafka.tools.ClusterTool "$@"
