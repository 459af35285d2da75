package dev.sluice.examples;

import dev.sluice.Upstream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads upstreams from lines of text; what is wrong with one is said with its number. */
final class UpstreamLines {

    private UpstreamLines() {}

    static List<Upstream> read(List<String> lines) {
        List<Upstream> members = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                Upstream member = member(text, "line " + (i + 1) + ": ");
                if (!ids.add(member.id())) {
                    throw new IllegalArgumentException("line " + (i + 1) + ": " + member + " is given twice");
                }
                members.add(member);
            }
        }
        if (members.isEmpty()) {
            throw new IllegalArgumentException("no upstream is given");
        }
        return members;
    }

    private static Upstream member(String text, String where) {
        String[] fields = text.split("\\s+");
        if (fields.length > 2) {
            throw new IllegalArgumentException(where + "\"" + text + "\" is more than host:port and a weight");
        }
        try {
            Upstream member = Upstream.of(fields[0]);
            return fields.length == 1 ? member : member.weight(Integer.parseInt(fields[1]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(where + "weight \"" + fields[1] + "\" is not a number", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + e.getMessage(), e);
        }
    }
}
