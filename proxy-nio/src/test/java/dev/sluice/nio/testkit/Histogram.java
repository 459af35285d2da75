package dev.sluice.nio.testkit;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What lives on a heap after a full collection: the bytes of each class's objects.
 *
 * @param bytes by class name
 */
public record Histogram(Map<String, Long> bytes) {
    /** What the collector puts where nothing lives, on newer JDKs. */
    private static final String FILLER = "[Ljdk.internal.vm.FillerElement;";

    /** Of this JVM. */
    public static Histogram here() throws JMException {
        return parse(ofThisHeap().lines().toList());
    }

    /** Of this JVM, as text that {@link #parse} reads. */
    static String ofThisHeap() throws JMException {
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        String[] signature = {String[].class.getName()};
        Object[] noArguments = {new String[0]};
        return (String)
                ManagementFactory.getPlatformMBeanServer().invoke(commands, "gcClassHistogram", noArguments, signature);
    }

    /** Reads rows of number, instances, bytes and class. */
    static Histogram parse(List<String> lines) {
        Map<String, Long> bytes = new TreeMap<>();
        for (String line : lines) {
            String[] cells = line.trim().split("\\s+");
            boolean isRow = cells.length >= 4 && cells[0].matches("\\d+:");
            if (isRow && !cells[3].equals(FILLER)) {
                bytes.merge(cells[3], Long.parseLong(cells[2]), Long::sum);
            }
        }
        return new Histogram(bytes);
    }

    public long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What has been added since an earlier one. */
    public Histogram since(Histogram earlier) {
        Map<String, Long> more = new TreeMap<>(bytes);
        earlier.bytes.forEach((type, count) -> more.merge(type, -count, Long::sum));
        return new Histogram(more);
    }

    /** The classes with the most bytes, as bytes for each of so many flows. */
    public String perFlow(int flows) {
        List<Map.Entry<String, Long>> rows = new ArrayList<>(bytes.entrySet());
        rows.removeIf(row -> row.getValue() < flows);
        rows.sort(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()));
        return rows.stream()
                .map(row -> String.format("%n%8.1f %s", (double) row.getValue() / flows, row.getKey()))
                .collect(Collectors.joining("", "bytes of heap for each flow", ""));
    }
}
