package dev.sluice;

import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import org.jspecify.annotations.Nullable;

/** Finds the one engine there must be: with the API's own class loader, then with the thread's context class loader. */
final class EngineFinder {
    private EngineFinder() {}

    static ProxyEngine find() {
        return find(EngineFinder.class.getClassLoader(), Thread.currentThread().getContextClassLoader());
    }

    static ProxyEngine find(@Nullable ClassLoader own, @Nullable ClassLoader context) {
        Map<String, Provider<ProxyEngine>> found = new LinkedHashMap<>();
        try {
            collect(own, found);
            if (context != null && context != own) {
                collectBeside(context, found);
            }
            return only(found).get();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalStateException(
                    "an engine was found but cannot be used: " + e.getMessage()
                            + (e.getCause() == null ? "" : ": " + e.getCause())
                            + "; check that proxy-api and proxy-nio are there once, in the same version",
                    e);
        }
    }

    /**
     * What another loader has broken, such as a copy of the API, is no concern of a caller who has an engine already.
     */
    private static void collectBeside(ClassLoader context, Map<String, Provider<ProxyEngine>> found) {
        try {
            collect(context, found);
        } catch (ServiceConfigurationError | LinkageError e) {
            if (found.isEmpty()) {
                throw e;
            }
        }
    }

    /** The same class found twice, as happens when one loader is the other's parent or has a copy, counts once. */
    private static void collect(@Nullable ClassLoader loader, Map<String, Provider<ProxyEngine>> found) {
        ServiceLoader.load(ProxyEngine.class, loader).stream()
                .forEach(each -> found.putIfAbsent(each.type().getName(), each));
    }

    private static Provider<ProxyEngine> only(Map<String, Provider<ProxyEngine>> found) {
        if (found.isEmpty()) {
            throw new IllegalStateException(
                    "no engine found: add dev.sluice:proxy-nio to the class path or module path");
        }
        if (found.size() > 1) {
            List<String> named = new ArrayList<>();
            found.values().forEach(each -> named.add(describe(each.type())));
            throw new IllegalStateException("more than one engine found: " + String.join(" and ", named)
                    + "; keep one, normally dev.sluice:proxy-nio, and remove the artifact of the other");
        }
        return found.values().iterator().next();
    }

    private static String describe(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL from = source == null ? null : source.getLocation();
        return from == null ? type.getName() : type.getName() + " (from " + from + ")";
    }
}
