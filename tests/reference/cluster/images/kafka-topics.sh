#!/bin/sh
# shellcheck disable=SC2086 # options are several words
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${KAFKA_HEAP_OPTS:--Xmx256M} $KAFKA_LOG4J_OPTS $KAFKA_OPTS -cp '/opt/kafka/libs/*' org.apache.kafka.tools.TopicCommand "$@"
