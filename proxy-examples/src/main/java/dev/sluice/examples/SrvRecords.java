package dev.sluice.examples;

import dev.sluice.Upstream;
import java.util.Comparator;
import java.util.List;

/** SRV records, each {@code priority weight port target.}, as upstreams. */
final class SrvRecords {
    private static final int HEAVIEST_UPSTREAM = 1_000;

    private SrvRecords() {}

    /**
     * In the order of their ids, since servers rotate their answers. Weights are kept where all are at most 1,000, and
     * are otherwise made smaller in proportion; a weight of 0 is for a small share and not for none.
     */
    static List<Upstream> members(List<String> records) {
        List<SrvRecord> offered = records.stream()
                .map(SrvRecord::read)
                .filter(record -> !record.target().isEmpty())
                .toList();
        if (offered.isEmpty()) {
            throw new IllegalArgumentException("no SRV record has a target");
        }
        int heaviest = offered.stream().mapToInt(SrvRecord::weight).max().getAsInt();
        return offered.stream()
                .map(record -> Upstream.of(record.target() + ":" + record.port())
                        .priority(record.priority())
                        .weight(Math.max(1, scaled(record.weight(), heaviest))))
                .sorted(Comparator.comparing(Upstream::id))
                .toList();
    }

    private static int scaled(int weight, int heaviest) {
        return heaviest <= HEAVIEST_UPSTREAM ? weight : Math.round((float) HEAVIEST_UPSTREAM * weight / heaviest);
    }

    /** One record; the target without its dot, and empty where the service is said to be offered nowhere. */
    private record SrvRecord(int priority, int weight, int port, String target) {

        static SrvRecord read(String text) {
            String[] fields = text.split(" ");
            return new SrvRecord(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    Integer.parseInt(fields[2]),
                    fields[3].replaceFirst("\\.$", ""));
        }
    }
}
