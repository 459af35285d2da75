package dev.sluice.examples.relay;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes: read as {@code 4m}, {@code 64k} or {@code 1500}, shown as {@code 1.21 MiB}. */
final class SizeText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,10})([kKmMgG]?)");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private SizeText() {}

    /** Reads one; what is thrown says what would be right, without saying what the size is for. */
    static int parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size; write bytes, or 64k or 4m");
        }
        int shift = switch (parts.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
        long amount = Long.parseLong(parts.group(1));
        if (amount > Integer.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("\"" + text + "\" is too large; use less than 2g");
        }
        return (int) amount << shift;
    }

    /** At most eight characters, with three significant digits: {@code 0 B}, {@code 1.21 MiB}, {@code 1020 KiB}. */
    static String of(double bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1023.5 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        String form = unit == 0 || amount >= 99.95 ? "%.0f %s" : amount >= 9.995 ? "%.1f %s" : "%.2f %s";
        return String.format(Locale.ROOT, form, amount, UNITS[unit]);
    }
}
