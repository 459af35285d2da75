package dev.sluice.nio.simulation;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The socket options of one channel: those the real channel of this JDK has, with Linux's defaults. */
final class ChannelOptions {

    /** What an untuned Linux grants. */
    private static final int LARGEST_RECEIVE_BUFFER = 212_992;

    private final Set<SocketOption<?>> supported;
    private final Map<SocketOption<?>, Object> values = new HashMap<>();

    ChannelOptions(Set<SocketOption<?>> supported) {
        this.supported = supported;
    }

    /** Options that begin with what was set on a listener. */
    ChannelOptions inheritedBy(Set<SocketOption<?>> others) {
        ChannelOptions inherited = new ChannelOptions(others);
        values.forEach((name, value) -> {
            if (others.contains(name)) {
                inherited.values.put(name, value);
            }
        });
        return inherited;
    }

    Set<SocketOption<?>> supported() {
        return supported;
    }

    <T> void set(SocketOption<T> name, T value) {
        requireSupported(name);
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
        values.put(name, name.equals(StandardSocketOptions.SO_RCVBUF) ? granted(value) : value);
    }

    private static Object granted(Object asked) {
        return Math.min((Integer) asked, LARGEST_RECEIVE_BUFFER);
    }

    <T> @Nullable T get(SocketOption<T> name) {
        requireSupported(name);
        Object value = values.getOrDefault(name, initial(name));
        return value == null ? null : name.type().cast(value);
    }

    boolean isOn(SocketOption<Boolean> name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    /** A close throws away what has not been sent, and resets. */
    boolean closesAbruptly() {
        return values.getOrDefault(StandardSocketOptions.SO_LINGER, -1).equals(0);
    }

    private void requireSupported(SocketOption<?> name) {
        Objects.requireNonNull(name);
        if (!supported.contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    private static @Nullable Object initial(SocketOption<?> name) {
        if (name.type() == Boolean.class) {
            return Boolean.FALSE;
        }
        if (name.equals(StandardSocketOptions.SO_LINGER)) {
            return -1;
        }
        if (name.equals(StandardSocketOptions.SO_RCVBUF)) {
            return LARGEST_RECEIVE_BUFFER;
        }
        return name.type() == Integer.class ? (Object) 0 : null;
    }
}
