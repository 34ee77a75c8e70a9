import java.io.*;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.time.*;
import java.util.*;
import java.util.regex.*;

/**
 * Answers on installation validity periods, from the three tables that
 * {@code ivp rules export --format answers --dir DIR} writes. Java 17; no other library.
 *
 * <p>It reads the spellings that the tables contain, in any case, and days as YYYY-MM-DD. It does
 * not read other text (the answer is then undetermined, unknown-spelling), days in another form
 * (bad-date), or a Central Products List. {@code ivp check} reads all of these.
 */
public final class IvpAnswers {
    /** The version of the format that this class reads. */
    private static final String SCHEMA = "1";

    private static final Pattern CELL = Pattern.compile("\\G(?:\"([^\"]*+(?:\"\"[^\"]*+)*+)\"|([^,]*+)),");
    private static final Pattern WITHOUT_OUTER_SPACES = Pattern.compile("(?s)[^\\t-\\r ](?:.*[^\\t-\\r ])?");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** An amendment with its sources; perhapsFrom is empty if the day from which it is in force is known. */
    public record Amendment(String id, String title, String inForce, String perhapsFrom, List<String> citations) {}

    /**
     * An answer: the outcome and the reason, the window that decided (from, to, end), the id of the
     * amendment, or empty, and the authority, which is that amendment, or null. If a text is not in
     * the tables, unknown is the name of its cell; otherwise it is empty.
     */
    public record Answer(
            String outcome, String reason, String from, String to, String end, String amendment, Amendment authority, String unknown) {}

    private final Map<String, String> rules = new HashMap<>();
    private final Map<String, Amendment> amendments = new HashMap<>();
    private final Map<String, String> families = new HashMap<>(); // by the text of a type
    private final Map<List<String>, String> names = new HashMap<>(); // by kind, family and text
    private final Map<List<String>, String> profiles = new HashMap<>(); // the number of the answers
    private final Map<List<String>, TreeMap<String, Answer>> answers = new HashMap<>(); // by number and kind of day, then by first day

    /** Reads ivp-names.csv, ivp-profiles.csv and ivp-periods.csv of a folder. */
    public static IvpAnswers open(Path folder) throws IOException {
        try (BufferedReader names = Files.newBufferedReader(folder.resolve("ivp-names.csv"));
                BufferedReader profiles = Files.newBufferedReader(folder.resolve("ivp-profiles.csv"));
                BufferedReader periods = Files.newBufferedReader(folder.resolve("ivp-periods.csv"))) {
            return new IvpAnswers(names, profiles, periods);
        }
    }

    /** Reads the three tables, in UTF-8. It fails if they have another version, are damaged, or are not of one export. */
    public IvpAnswers(BufferedReader names, BufferedReader profiles, BufferedReader periods) throws IOException {
        MessageDigest digest = sha256();
        List<List<String>> named = rows(names, digest), profiled = rows(profiles, digest), dated = rows(periods, digest);
        named.stream().filter(row -> row.size() == 4 && row.get(0).equals("rules")).forEach(row -> rules.put(row.get(1), row.get(2)));
        if (!SCHEMA.equals(rules.get("schema"))) {
            throw new IOException("answers of schema " + rules.get("schema") + ", where " + SCHEMA + " was expected: use the reader and the tables of the same ivp");
        }
        if (!String.format("%064x", new BigInteger(1, digest.digest())).equals(rules.get("sha256"))) {
            throw new IOException("the answers are damaged, or not of one export: the tables do not have their own sha256; export them again");
        }
        for (List<String> row : named) {
            String kind = row.get(0), name = row.get(1), means = row.get(2), detail = row.get(3);
            switch (kind) {
                case "amendment" -> amendments.put(name, new Amendment(name, means, detail, "", new ArrayList<>()));
                case "perhaps_from" -> amendments.computeIfPresent(name, (id, a) -> new Amendment(id, a.title(), a.inForce(), means, a.citations()));
                case "citation" -> amendments.get(name).citations().add(means);
                case "type" -> families.put(name, detail);
                default -> {}
            }
            this.names.put(List.of(kind, kind.equals("spec") ? detail : "", name), means);
        }
        for (List<String> row : profiled) {
            this.profiles.put(row.subList(0, 4), row.get(4));
        }
        for (List<String> row : dated) {
            answers.computeIfAbsent(row.subList(0, 2), run -> new TreeMap<>()).put(row.get(2),
                    new Answer(row.get(4), row.get(5), row.get(6), row.get(7), row.get(8), row.get(9), amendments.get(row.get(9)), ""));
        }
    }

    /** Returns what the tables say of themselves: edition, digest, vouched_to, terms, as_at, last_day, assume_open. */
    public Map<String, String> rules() {
        return Collections.unmodifiableMap(rules);
    }

    /** Returns the answer for a device. A cell may be null, which is blank. */
    public Answer check(String type, String spec, String gbcs, String scope, String day) {
        String family = families.getOrDefault(key(type), "");
        List<String> profile = new ArrayList<>();
        for (List<String> cell : List.of(List.of("type", "", key(type)), List.of("spec", family, key(spec)),
                List.of("gbcs", "", key(gbcs)), List.of("scope", "", key(scope)))) {
            String means = names.get(cell);
            if (means == null) {
                return new Answer("undetermined", "unknown-spelling", "", "", "", "", null, cell.get(0));
            }
            profile.add(means);
        }
        String on = trimmed(day), kind = on.isEmpty() ? "blank" : isDay(on) ? "date" : "unreadable";
        return answers.get(List.of(profiles.get(profile), kind)).floorEntry(on).getValue();
    }

    private static boolean isDay(String text) {
        try {
            return DAY.matcher(text).matches() && LocalDate.parse(text).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String trimmed(String cell) {
        Matcher inner = WITHOUT_OUTER_SPACES.matcher(cell == null ? "" : cell);
        return inner.find() ? inner.group() : "";
    }

    private static String key(String cell) {
        return trimmed(cell).chars().map(c -> c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    /** Reads the rows below the heading, and adds every line but that of the digest to the digest. */
    private static List<List<String>> rows(BufferedReader table, MessageDigest digest) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String line = table.readLine(); line != null; line = table.readLine()) {
            rows.add(cells(line));
            if (!line.startsWith("rules,sha256,")) {
                digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return rows.isEmpty() ? rows : rows.subList(1, rows.size());
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (Matcher cell = CELL.matcher(line + ","); cell.find();) {
            cells.add(cell.group(1) == null ? cell.group(2) : cell.group(1).replace("\"\"", "\""));
        }
        return cells;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
