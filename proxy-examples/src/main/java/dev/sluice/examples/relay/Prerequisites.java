package dev.sluice.examples.relay;

import dev.sluice.SourceAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a route needs of this host, JVM and network for its upstream to see another address than the proxy's.
 *
 * @param source whose address the upstream is to see
 * @param client a client, for whom all is tried
 * @param upstream where the upstream is
 */
record Prerequisites(SourceAddress source, InetSocketAddress client, InetSocketAddress upstream) {
    private static final String OPENED = "sun.nio.ch";
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;
    private static final int TABLE = 100;

    private boolean isForeign() {
        return source.kind() == SourceAddress.Kind.CLIENT || source.kind() == SourceAddress.Kind.CLIENT_WITH_PORT;
    }

    private boolean isIpv6() {
        return upstream.getAddress() instanceof Inet6Address;
    }

    /** The findings, in the order in which one may want to mend what is missing. */
    List<Finding> find() throws IOException {
        Finding platform = platform();
        if (!platform.isGood()) {
            return List.of(platform);
        }
        List<Finding> found = new ArrayList<>(List.of(platform, flag()));
        if (isForeign()) {
            found.add(capability());
        }
        Finding trial = found.stream().allMatch(Finding::isGood)
                ? new TrialConnection(source, client, upstream).make()
                : Finding.bad("trial connection", "not made, for want of what is missing above", "");
        if (isForeign()) {
            found.addAll(wayBack(trial.isGood()));
        }
        found.add(trial);
        return found;
    }

    private static Finding platform() {
        String name = System.getProperty("os.name");
        String version = name + " " + System.getProperty("os.version");
        return name.equals("Linux")
                ? Finding.good("platform", version)
                : Finding.bad(
                        "platform", version, "run it on Linux, or let upstreams read a PROXY header: proxyOut=v2");
    }

    private static Finding flag() {
        boolean isOpen = Object.class.getModule().isOpen(OPENED, SourceAddress.class.getModule());
        return isOpen
                ? Finding.good("JVM flag", "java.base/" + OPENED + " is open")
                : Finding.bad(
                        "JVM flag",
                        "java.base/" + OPENED + " is closed",
                        "java --add-opens java.base/" + OPENED
                                + "=ALL-UNNAMED ..., or java -jar relay.jar, which has it");
    }

    private static Finding capability() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith("CapEff:"))
                .findFirst()
                .orElse("CapEff: 0");
        long effective =
                Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16);
        boolean isThere = (effective & (1L << CAP_NET_ADMIN | 1L << CAP_NET_RAW)) != 0;
        Path java = Path.of(ProcessHandle.current().info().command().orElse("/JDK/bin/java"));
        return isThere
                ? Finding.good("capability", "CAP_NET_ADMIN or CAP_NET_RAW is effective")
                : Finding.bad(
                        "capability",
                        "neither CAP_NET_ADMIN nor CAP_NET_RAW is effective",
                        "run it as root, with AmbientCapabilities=CAP_NET_ADMIN in its service, with NET_ADMIN in its"
                                + " container, or: setcap cap_net_admin+ep " + java + "; echo "
                                + java.getParent().resolveSibling("lib")
                                + " > /etc/ld.so.conf.d/java.conf; ldconfig");
    }

    /** Where packets go to the upstream and, asked of the kernel, what would become of its answers. */
    private List<Finding> wayBack(boolean hasAnswered) throws IOException {
        String host = upstream.getAddress().getHostAddress();
        IpRoute there;
        try {
            there = IpRoute.get(host);
        } catch (IOException noSuchProgram) {
            return List.of(Finding.bad("way to the upstream", "the program ip is missing", "apt-get install iproute2"));
        }
        if (there.failed()) {
            return List.of(Finding.bad("way to the upstream", there.text(), "ip route add " + host + " ..."));
        }
        String device = there.after("dev").orElse("lo");
        List<Finding> found = new ArrayList<>();
        found.add(Finding.good("way to the upstream", "by " + device));
        IpRoute back = answers(host, device);
        found.add(filter(device, hasAnswered));
        found.add(rule(host, device, back, hasAnswered));
        return found;
    }

    private IpRoute answers(String host, String device) throws IOException {
        String own = client.getAddress().getHostAddress();
        List<String> words = new ArrayList<>(List.of(own, "from", host));
        if (!device.equals("lo")) {
            words.addAll(List.of("iif", device));
        }
        words.addAll(List.of("ipproto", "tcp", "sport", String.valueOf(upstream.getPort())));
        return IpRoute.get(words.toArray(String[]::new));
    }

    /** A strict filter drops what does not come in where the host's own way to the upstream leads out. */
    private Finding filter(String device, boolean hasAnswered) throws IOException {
        String what = "reverse-path filter";
        if (isIpv6()) {
            return Finding.good(what, "the kernel has none for IPv6; packet filters may");
        }
        String all = setting("all");
        String own = setting(device);
        String found = "net.ipv4.conf.all.rp_filter = " + all + ", net.ipv4.conf." + device + ".rp_filter = " + own;
        boolean isStrict = all.equals("1") || own.equals("1");
        if (!isStrict || hasAnswered) {
            return Finding.good(what, found);
        }
        return Finding.bad(
                what,
                found + ": strict, so answers that come in by another device than " + device + " are dropped",
                "have them come in by " + device + ", or: sysctl -w net.ipv4.conf.all.rp_filter=2");
    }

    private static String setting(String device) throws IOException {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv4/conf", device, "rp_filter"))
                    .strip();
        } catch (NoSuchFileException noSuchDevice) {
            return "?";
        }
    }

    private Finding rule(String host, String device, IpRoute back, boolean hasAnswered) throws IOException {
        if (back.isLocal()) {
            return Finding.good("rule and table", back.text());
        }
        if (hasAnswered) {
            return Finding.good("rule and table", "not by themselves, but with a packet filter's marks");
        }
        String version = isIpv6() ? "-6" : "-4";
        boolean hasTable = IpRoute.list(version, "route", "show", "table", String.valueOf(TABLE))
                .contains("local default");
        // Only what the upstream's port sends: all that comes from there would be its own connections, too.
        String rule = "ip " + version + " rule add iif " + device + " from " + host + " ipproto tcp sport "
                + upstream.getPort() + " lookup " + TABLE;
        String table = "ip " + version + " route add local default dev lo table " + TABLE;
        return Finding.bad(
                "rule and table",
                "an answer to " + client.getAddress().getHostAddress() + " would not be this host's: " + back.text(),
                hasTable ? rule : rule + "; " + table);
    }
}
