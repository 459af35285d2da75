package dev.sluice.examples.relay;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written on the command line: {@code 500ms}, {@code 5s}, {@code 10m}, {@code 2h}, {@code 0}. */
final class DurationText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h)");
    /** What a route or server takes at most. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private DurationText() {}

    /** Reads one; what is thrown says what would be right, without saying what the duration is for. */
    static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a duration; write 500ms, 5s, 10m or 2h, or 0 for none");
        }
        Duration duration = of(Long.parseLong(parts.group(1)), parts.group(2));
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is too long; use at most " + LONGEST.toHours() + "h");
        }
        return duration;
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /** A duration as {@link #parse} would read it, in the largest unit that leaves nothing out. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }
}
