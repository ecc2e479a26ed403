import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.zookeeper.ZooKeeper;

/**
 * The client that measures: reads one command a line, answers each with one line of JSON.
 *
 * <p>Writes numbered records with acks=all and remembers which numbers were acknowledged; reads the topic from its
 * beginning and counts what is missing. Decides nothing.
 */
public final class Client {
    private static final int PADDING = 100;

    private final String bootstrap;
    private final String topic;
    private final BitSet acknowledged = new BitSet();
    private KafkaProducer<byte[], byte[]> producer;
    private volatile boolean running;
    private Thread writer;
    private int sent;
    private int failed;
    private long lastAcknowledged;
    private long longestGap;

    private Client(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
    }

    /** Usage: Client BOOTSTRAP TOPIC. */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Client client = new Client(arguments[0], arguments[1]);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String answer;
            try {
                answer = client.answer(line.trim().split(" "));
            } catch (Exception error) {
                answer = "{\"error\": " + quoted(error.toString()) + "}";
            }
            answers.println(answer);
            answers.flush();
        }
        System.exit(0);
    }

    private String answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "ids" -> ids(words[1]);
            case "topic" -> describe(words.length > 1 ? words[1] : topic);
            case "nodes" -> nodes();
            case "start" -> start(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "wait" -> await();
            case "stop" -> stop();
            case "status" -> status();
            case "mark" -> mark();
            case "read" -> read();
            default -> throw new IllegalArgumentException("no such command: " + words[0]);
        };
    }

    /** Returns the children of /brokers/ids of an ensemble: SERVERS, or SERVERS/CHROOT. */
    private static String ids(String connect) throws Exception {
        ZooKeeper session = new ZooKeeper(connect, 10_000, event -> {});
        try {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!session.getState().isConnected() && System.nanoTime() < until) {
                Thread.sleep(50);
            }
            if (!session.getState().isConnected()) {
                throw new IllegalStateException("no connection to " + connect);
            }
            return "{\"ids\": " + new TreeSet<>(session.getChildren("/brokers/ids", false)) + "}";
        } finally {
            session.close(1_000);
        }
    }

    private Admin admin() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("request.timeout.ms", "5000");
        settings.put("default.api.timeout.ms", "10000");
        return Admin.create(settings);
    }

    /** A question to the cluster. */
    private interface Question<T> {
        T of(Admin admin) throws Exception;
    }

    /** Asks, and closes within seconds: a plain close waits for calls that no broker ever answers. */
    private <T> T ask(Question<T> question) throws Exception {
        Admin admin = admin();
        try {
            return question.of(admin);
        } finally {
            admin.close(Duration.ofSeconds(2));
        }
    }

    private String nodes() throws Exception {
        return ask(admin -> {
            List<String> found = new ArrayList<>();
            for (Node node : admin.describeCluster().nodes().get(10, TimeUnit.SECONDS)) {
                found.add("{\"id\": " + node.id() + ", \"host\": " + quoted(node.host()) + ", \"port\": " + node.port() + "}");
            }
            return "{\"nodes\": " + found + "}";
        });
    }

    private String describe(String name) throws Exception {
        return ask(admin -> {
            Map<String, TopicDescription> known =
                    admin.describeTopics(List.of(name)).allTopicNames().get(10, TimeUnit.SECONDS);
            List<String> partitions = new ArrayList<>();
            for (TopicPartitionInfo info : known.get(name).partitions()) {
                int leader = info.leader() == null ? -1 : info.leader().id();
                partitions.add("{\"partition\": " + info.partition() + ", \"leader\": " + leader + ", \"replicas\": "
                        + numbers(info.replicas()) + ", \"isr\": " + numbers(info.isr()) + "}");
            }
            return "{\"partitions\": " + partitions + "}";
        });
    }

    private static List<Integer> numbers(List<Node> nodes) {
        return nodes.stream().map(Node::id).sorted().toList();
    }

    /** Starts to write COUNT records (0: without end) at RATE records a second (0: as fast as it goes). */
    private String start(int count, int rate) {
        if (producer == null) {
            Properties settings = new Properties();
            settings.put("bootstrap.servers", bootstrap);
            settings.put("acks", "all");
            settings.put("linger.ms", "5");
            settings.put("max.block.ms", "900000");
            settings.put("delivery.timeout.ms", "900000");
            settings.put("request.timeout.ms", "10000");
            // Who asked while one broker was up knows that one alone; when it goes, start again from the list above.
            settings.put("metadata.recovery.strategy", "rebootstrap");
            settings.put("key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
            settings.put("value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
            producer = new KafkaProducer<>(settings);
        }
        mark();
        running = true;
        writer = new Thread(() -> write(count, rate));
        writer.setDaemon(true);
        writer.start();
        return status();
    }

    private void write(int count, int rate) {
        long began = System.nanoTime();
        for (int written = 0; running && (count == 0 || written < count); written++) {
            int number;
            synchronized (this) {
                number = sent++;
            }
            byte[] value = (number + " " + "x".repeat(PADDING)).getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, null, value), (metadata, error) -> answered(number, error));
            if (rate > 0) {
                long due = began + (long) (written + 1) * 1_000_000_000L / rate - System.nanoTime();
                if (due > 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(due);
                }
            }
        }
        producer.flush();
        running = false;
    }

    private synchronized void answered(int number, Exception error) {
        if (error != null) {
            failed++;
            System.err.println("record " + number + ": " + error);
            return;
        }
        acknowledged.set(number);
        long now = System.nanoTime();
        longestGap = Math.max(longestGap, now - lastAcknowledged);
        lastAcknowledged = now;
    }

    /** Forgets the longest time without an acknowledgement so far. */
    private synchronized String mark() {
        lastAcknowledged = System.nanoTime();
        longestGap = 0;
        return status();
    }

    private String await() throws InterruptedException {
        if (writer != null) {
            writer.join();
        }
        return status();
    }

    private String stop() throws InterruptedException {
        running = false;
        return await();
    }

    private synchronized String status() {
        long open = running ? System.nanoTime() - lastAcknowledged : 0;
        long gap = Math.max(longestGap, open);
        return "{\"sent\": " + sent + ", \"acknowledged\": " + acknowledged.cardinality() + ", \"failed\": " + failed
                + ", \"gap\": " + gap / 1_000_000 / 1000.0 + "}";
    }

    /** Reads every record that is there and says which acknowledged numbers are not. */
    private String read() throws Exception {
        BitSet wanted;
        synchronized (this) {
            wanted = (BitSet) acknowledged.clone();
        }
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", "cluster-test");
        settings.put("enable.auto.commit", "false");
        settings.put("isolation.level", "read_committed");
        settings.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        settings.put("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        BitSet seen = new BitSet();
        int records = 0;
        int strangers = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic, Duration.ofSeconds(60))) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, Duration.ofSeconds(60));
            long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            while (!reached(consumer, ends) && System.nanoTime() < until) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    records++;
                    String value = new String(record.value(), StandardCharsets.UTF_8);
                    int blank = value.indexOf(' ');
                    if (blank < 1 || value.length() != blank + 1 + PADDING) {
                        strangers++;
                        continue;
                    }
                    seen.set(Integer.parseInt(value.substring(0, blank)));
                }
            }
            // goes through the coordinator, and so through the topic of offsets
            consumer.commitSync(Duration.ofSeconds(60));
        }
        BitSet lost = (BitSet) wanted.clone();
        lost.andNot(seen);
        return "{\"acknowledged\": " + wanted.cardinality() + ", \"read\": " + records + ", \"distinct\": "
                + seen.cardinality() + ", \"strangers\": " + strangers + ", \"lost\": " + lost.cardinality()
                + ", \"first_lost\": " + lost.nextSetBit(0) + "}";
    }

    private static boolean reached(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + "\"";
    }
}
