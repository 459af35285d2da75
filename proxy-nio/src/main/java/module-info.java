/** The engine on {@code java.nio}. It exports nothing: it is found through {@link dev.sluice.ProxyEngine}. */
module dev.sluice.nio {
    requires dev.sluice.api;
    requires org.slf4j;
    requires org.jctools.core;
    requires jdk.net;

    provides dev.sluice.ProxyEngine with
            dev.sluice.nio.NioEngine;
}
