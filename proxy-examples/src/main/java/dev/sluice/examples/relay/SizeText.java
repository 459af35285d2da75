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
        int shift = 10 * (1 + "kmg".indexOf(parts.group(2).toLowerCase(Locale.ROOT)));
        long bytes = Long.parseLong(parts.group(1)) << (parts.group(2).isEmpty() ? 0 : shift);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("\"" + text + "\" is too large; use less than 2g");
        }
        return (int) bytes;
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
