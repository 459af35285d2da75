package dev.sluice.examples.relay;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * SIGTERM and Ctrl-C while the JVM is stopping already, of which it takes no notice by itself. Java has no API for
 * them; what JDKs have instead, in the module jdk.unsupported, is reached by reflection, since javac warns of its use.
 */
final class NextSignal {
    private NextSignal() {}

    /** Has the next signal, and each after it, run the action on a thread of its own; where it cannot, does nothing. */
    static void runs(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onSignal = (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.invoke(action, arguments);
                }
                action.run();
                return null;
            };
            Object handling = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal);
            for (String name : List.of("TERM", "INT")) {
                Object named = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, named, handling);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A JVM without them, or told to leave signals alone: then the drain takes its time.
        }
    }
}
