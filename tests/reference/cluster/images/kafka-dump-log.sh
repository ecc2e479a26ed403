#!/bin/sh
# The class has moved in Kafka 4: whichever of the two there is.
for class in org.apache.kafka.tools.DumpLogSegments kafka.tools.DumpLogSegments; do
    java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128M -cp '/opt/kafka/libs/*' "$class" "$@" && exit
done
