import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;

/**
 * Asks the ZooKeeper on the class path for the names of {@code zoo.cfg}: {@code names} prints each, with its default
 * where the parser itself reads it, {@code values} judges lines of names and values from standard input.
 */
public final class Zookeeper {
    private static final Pattern PROPERTY = Pattern.compile("zookeeper\\.[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final String PARSER = QuorumPeerConfig.class.getName().replace('.', '/') + ".class";

    /** Where answers go; what ZooKeeper logs does not. */
    private static final PrintStream ANSWERS = System.out;

    private Zookeeper() {}

    public static void main(String[] args) throws Exception {
        System.setOut(System.err);
        Path data = Files.createTempDirectory("zookeeper");
        Files.writeString(data.resolve("myid"), "1\n");
        try {
            if (args[0].equals("values")) {
                judge(data);
            } else {
                names(data).forEach((name, usual) -> ANSWERS.println(name + "\t" + usual));
            }
        } finally {
            Files.delete(data.resolve("myid"));
            Files.delete(data);
        }
    }

    /** What the image writes into the file beside the lines of others. */
    private static Properties written(Path data) {
        Properties file = new Properties();
        file.setProperty("dataDir", data.toString());
        file.setProperty("tickTime", "2000");
        file.setProperty("initLimit", "5");
        file.setProperty("syncLimit", "2");
        file.setProperty("autopurge.snapRetainCount", "3");
        file.setProperty("autopurge.purgeInterval", "24");
        file.setProperty("maxClientCnxns", "60");
        // both are static in the parser, and would be as the file before left them
        file.setProperty("standaloneEnabled", "false");
        file.setProperty("reconfigEnabled", "false");
        for (int id = 1; id <= 3; id++) {
            file.setProperty("server." + id, "127.0.0." + id + ":2888:3888;2181");
        }
        return file;
    }

    private static void judge(Path data) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] cells = line.split("\t", -1);
            Properties file = written(data);
            for (int at = 0; at + 1 < cells.length; at += 2) {
                file.setProperty(cells[at], cells[at + 1]);
            }
            String refusal = refusal(file);
            ANSWERS.println(refusal == null ? "accepted" : refusal.replaceAll("\\s", " "));
        }
    }

    /** Why the parser refuses a file; what it sets for others is taken back. */
    private static String refusal(Properties file) {
        Properties before = (Properties) System.getProperties().clone();
        try {
            new QuorumPeerConfig().parseProperties(file);
            return null;
        } catch (Exception | LinkageError refused) {
            return refused.toString();
        } finally {
            System.setProperties(before);
        }
    }

    private static Map<String, String> names(Path data) throws Exception {
        Map<String, String> names = new TreeMap<>();
        QuorumPeerConfig parsed = new QuorumPeerConfig();
        parsed.parseProperties(written(data));
        for (String name : constants(QuorumPeerConfig.class.getClassLoader().getResourceAsStream(PARSER))) {
            if (isRead(name, data)) {
                names.put(name, usual(name, parsed));
            }
        }
        String place = QuorumPeerConfig.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (JarFile jar = new JarFile(place)) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().endsWith(".class")) {
                    for (String constant : constants(jar.getInputStream(entry))) {
                        if (PROPERTY.matcher(constant).matches()) {
                            names.putIfAbsent(constant.substring("zookeeper.".length()), "");
                        }
                    }
                }
            }
        }
        return names;
    }

    /** Whether the parser reads a name by itself; any other becomes a property of the JVM. */
    private static boolean isRead(String name, Path data) {
        if (name.isEmpty() || name.contains(" ") || name.endsWith(".")) {
            return false;
        }
        Properties before = (Properties) System.getProperties().clone();
        Properties file = written(data);
        file.setProperty(name, "5");
        try {
            new QuorumPeerConfig().parseProperties(file);
        } catch (Exception | LinkageError refused) {
            // it was read, as far as it goes
        }
        String kept = System.getProperty("zookeeper." + name);
        System.setProperties(before);
        return kept == null;
    }

    private static String usual(String name, QuorumPeerConfig parsed) {
        try {
            Field field = QuorumPeerConfig.class.getDeclaredField(name);
            field.setAccessible(true);
            return field.getType().isPrimitive() ? String.valueOf(field.get(parsed)) : "";
        } catch (ReflectiveOperationException otherwise) {
            return "";
        }
    }

    /** The texts that a class holds. */
    private static Set<String> constants(InputStream stream) throws IOException {
        Set<String> texts = new TreeSet<>();
        byte[] bytes;
        try (stream) {
            bytes = stream.readAllBytes();
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.readInt();
        in.readInt();
        int count = in.readUnsignedShort();
        for (int at = 1; at < count; at++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.add(in.readUTF());
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    at++;
                }
                case 7, 8, 16, 19, 20 -> in.readUnsignedShort();
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> throw new IOException("a constant of kind " + tag);
            }
        }
        return texts;
    }
}
