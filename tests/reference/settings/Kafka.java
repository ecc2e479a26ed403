import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Asks the Kafka on the class path for its settings: {@code names} prints each, {@code values} judges lines of
 * scope, name and value from standard input.
 */
public final class Kafka {
    private static final Pattern RANGE = Pattern.compile("\\[(-?[\\d.]+),\\.\\.\\.(?:,(-?[\\d.]+))?\\]");
    private static final Pattern WORDS = Pattern.compile("(\\(case insensitive\\) )?\\[(\\w+(?:, \\w+)*)\\]");

    private Kafka() {}

    public static void main(String[] args) throws Exception {
        Map<String, Map<String, ConfigKey>> scopes = scopes();
        if (args[0].equals("values")) {
            judge(scopes);
            return;
        }
        if (args[0].equals("whole")) {
            judgeWhole();
            return;
        }
        Map<?, ?> updates = updates();
        Map<String, String> twins = twins();
        scopes.forEach((scope, keys) -> new TreeMap<>(keys).forEach((name, key) -> {
            Object update = scope.equals("broker") ? updates.get(name) : "";
            System.out.println(String.join("\t", scope, name, key.type.toString().toLowerCase(), accepts(key),
                    usual(key), update == null ? "read-only" : update.toString(),
                    scope.equals("topic") ? twins.getOrDefault(name, "") : ""));
        }));
    }

    /** The definitions, whose places moved between versions. */
    private static Map<String, Map<String, ConfigKey>> scopes() throws ReflectiveOperationException {
        Map<String, Map<String, ConfigKey>> scopes = new TreeMap<>();
        ConfigDef broker = (ConfigDef) first(
                () -> type("kafka.server.KafkaConfig").getMethod("configDef").invoke(null),
                () -> type("org.apache.kafka.server.config.AbstractKafkaConfig").getField("CONFIG_DEF").get(null));
        scopes.put("broker", broker.configKeys());
        ConfigDef topic = (ConfigDef) type("org.apache.kafka.storage.internals.log.LogConfig")
                .getMethod("configDefCopy").invoke(null);
        scopes.put("topic", topic.configKeys());
        Map<String, ConfigKey> quotas = new HashMap<>();
        for (String quota : List.of("userAndClientQuotaConfigs", "userConfigs", "ipConfigs", "brokerQuotaConfigs")) {
            try {
                ConfigDef made = (ConfigDef) first(
                        () -> type("org.apache.kafka.server.config.QuotaConfig").getMethod(quota).invoke(null),
                        () -> type("org.apache.kafka.server.config.QuotaConfigs").getMethod(quota).invoke(null));
                quotas.putAll(made.configKeys());
            } catch (ReflectiveOperationException none) {
                // said of credentials and quotas together where there is no such method
            }
        }
        quotas.keySet().removeIf(name -> name.startsWith("SCRAM-"));
        scopes.put("quota", quotas);
        return scopes;
    }

    private static Map<?, ?> updates() throws ReflectiveOperationException {
        return (Map<?, ?>) first(
                () -> type("org.apache.kafka.server.config.DynamicBrokerConfig")
                        .getMethod("dynamicConfigUpdateModes").invoke(null),
                () -> {
                    Class<?> made = type("kafka.server.DynamicBrokerConfig$");
                    return made.getMethod("dynamicConfigUpdateModes").invoke(made.getField("MODULE$").get(null));
                });
    }

    /** The broker's setting that a topic's stands in for. */
    private static Map<String, String> twins() throws ReflectiveOperationException {
        Map<String, String> twins = new HashMap<>();
        Map<?, ?> all = (Map<?, ?>) type("org.apache.kafka.server.config.ServerTopicConfigSynonyms")
                .getField("ALL_TOPIC_CONFIG_SYNONYMS").get(null);
        for (Map.Entry<?, ?> entry : all.entrySet()) {
            Object first = ((List<?>) entry.getValue()).get(0);
            twins.put(entry.getKey().toString(), (String) first.getClass().getMethod("name").invoke(first));
        }
        return twins;
    }

    /** What a setting accepts beside its type: a range, words, and what a list or a text must be. */
    private static String accepts(ConfigKey key) {
        List<String> said = new ArrayList<>();
        String text = String.valueOf(key.validator);
        Matcher range = RANGE.matcher(text);
        Matcher words = WORDS.matcher(text);
        boolean number = key.type == Type.INT || key.type == Type.LONG || key.type == Type.SHORT || key.type == Type.DOUBLE;
        if (number && range.find()) {
            String upper = range.group(2) == null ? "" : range.group(2);
            boolean unset = !range.group(1).startsWith("-") && refusal(key, "-1") == null;
            said.add(range.group(1) + ".." + upper + (unset ? "|-1" : ""));
        } else if (number && key.validator != null) {
            said.add(refusal(key, "0") == null ? "0..|-1" : "1..|-1");
        } else if (words.matches()) {
            said.add("{" + words.group(2).replace(", ", ",") + "}" + (words.group(1) == null ? "" : "i"));
        }
        if (key.type == Type.STRING || key.type == Type.LIST) {
            if (refusal(key, "") != null && said.isEmpty() | key.type == Type.LIST) {
                said.add("filled");
            }
        }
        if (key.type == Type.LIST) {
            String one = words.matches() ? words.group(2).split(", ")[0] : "1@a:1";
            if (refusal(key, one) == null && refusal(key, one + "," + one) != null) {
                said.add("unique");
            }
        }
        return String.join(" ", said);
    }

    private static String usual(ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        Object value = key.defaultValue;
        if (value == null || key.type == Type.PASSWORD) {
            return "";
        }
        return ConfigDef.convertToString(value, key.type);
    }

    private static void judge(Map<String, Map<String, ConfigKey>> scopes) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t", -1);
            ConfigKey key = scopes.get(parts[0]).get(parts[1]);
            String refusal = key == null ? "no such setting" : refusal(key, parts[2]);
            System.out.println(refusal == null ? "accepted" : refusal.replaceAll("\\s", " "));
        }
    }

    /** Lets the broker judge lines of settings, {@code name=value} with tabs between them, beside what it cannot lack. */
    private static void judgeWhole() throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Properties given = new Properties();
            given.put("process.roles", "broker,controller");
            given.put("node.id", "1");
            given.put("controller.listener.names", "CONTROLLER");
            given.put("controller.quorum.voters", "1@host:9093");
            given.put("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093");
            given.put("advertised.listeners", "PLAINTEXT://host:9092");
            given.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
            for (String setting : line.split("\t")) {
                String[] parts = setting.split("=", 2);
                given.put(parts[0], parts[1]);
            }
            String said = "accepted";
            try {
                type("kafka.server.KafkaConfig").getMethod("fromProps", Properties.class).invoke(null, given);
            } catch (InvocationTargetException refused) {
                said = String.valueOf(refused.getCause().getMessage()).replaceAll("\\s", " ");
            }
            System.out.println("> " + said);
        }
    }

    /** Why a value is refused. */
    private static String refusal(ConfigKey key, String value) {
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return null;
        } catch (ConfigException refused) {
            return refused.getMessage();
        } catch (RuntimeException thrown) {
            return thrown.toString();
        }
    }

    private interface Way {
        Object get() throws ReflectiveOperationException;
    }

    private static Object first(Way... ways) throws ReflectiveOperationException {
        for (Way way : Arrays.asList(ways).subList(0, ways.length - 1)) {
            try {
                return way.get();
            } catch (ReflectiveOperationException missing) {
                // it is at the next place
            }
        }
        return ways[ways.length - 1].get();
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name);
    }
}
