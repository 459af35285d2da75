/** What a layer-4 proxy is: routes, upstreams, selectors, running servers. The engine comes from another module. */
module dev.sluice.api {
    requires static transitive org.jspecify;

    exports dev.sluice;
    exports dev.sluice.fault;

    uses dev.sluice.ProxyEngine;
}
