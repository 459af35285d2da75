package dev.sluice;

/** How an upstream is thought to fare, which decides whether it gets new flows. */
public enum UpstreamHealth {
    /** It gets flows. */
    HEALTHY,
    /** It has failed too often in a row and gets none for a while; see {@link Ejection}. */
    EJECTED,
    /** It fails its checks and gets none until it passes them again; see {@link HealthCheck}. */
    UNHEALTHY
}
