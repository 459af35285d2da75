package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code relay.jar check}, on a host of its own between a client's network and an upstream. */
@Timeout(60)
class SourceCheckTest {
    private static final List<String> FLAG = List.of("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED");
    /** What the namespaces are mounted on goes with the process, and so do they. */
    private static final List<String> HOST =
            List.of("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-ec");

    private static final String NETWORK = """
            mkdir -p /run/netns
            mount -t tmpfs none /run/netns
            ip link set lo up
            ip netns add upstream
            ip link add up0 type veth peer name eth0 netns upstream
            for at in up0=1 eth0=2; do
              in=; test ${at%=*} = up0 || in='ip netns exec upstream'
              $in ip addr add 10.2.0.${at#*=}/24 dev ${at%=*}
              $in ip addr add fd00:2::${at#*=}/64 dev ${at%=*} nodad
              $in ip link set ${at%=*} up
            done
            """;
    private static final String WAY_BACK = """
            ip netns exec upstream ip route add default via 10.2.0.1
            ip netns exec upstream ip -6 route add default via fd00:2::1
            """;
    private static final String RULE_AND_TABLE = """
            for version in -4 -6; do
              ip $version rule add iif up0 lookup 100
              ip $version route add local default dev lo table 100
            done
            """;
    private static final String SERVER = """
            ip netns exec upstream socat TCP4-LISTEN:7,fork EXEC:cat &
            ip netns exec upstream socat TCP6-LISTEN:7,fork,ipv6only=1 EXEC:cat &
            for table in tcp tcp6; do
              until ip netns exec upstream grep -q ':0007 .* 0A' /proc/net/$table; do :; done
            done
            """;

    private static void assumeThatItIsPossible() throws Exception {
        for (String program : List.of("unshare", "ip", "socat", "setpriv", "nft")) {
            assumeThat(new ProcessBuilder("sh", "-c", "command -v " + program)
                            .start()
                            .waitFor())
                    .as(program + " on this host")
                    .isZero();
        }
        assumeThat(new ProcessBuilder("unshare", "--net", "true").start().waitFor())
                .as("network namespaces, which take root")
                .isZero();
    }

    private static List<String> on(String... scripts) {
        List<String> by = new ArrayList<>(HOST);
        by.add(String.join("\n", scripts) + "\nexec \"$@\"");
        by.add("sh");
        return by;
    }

    private static List<String> findings(int status, List<String> by, List<String> options, String family)
            throws Exception {
        boolean isIpv4 = family.equals("IPV4");
        return findings(
                status,
                by,
                options,
                List.of(isIpv4 ? "10.2.0.2:7" : "[fd00:2::2]:7", isIpv4 ? "198.51.100.7" : "2001:db8::7"));
    }

    private static List<String> findings(int status, List<String> by, List<String> options, List<String> ends)
            throws Exception {
        assumeThatItIsPossible();
        List<String> arguments = new ArrayList<>(List.of("check", "--source", "client", "--upstream", ends.get(0)));
        if (ends.size() > 1) {
            arguments.addAll(List.of("--client", ends.get(1)));
        }
        try (Program check = Program.start(by, options, arguments.toArray(String[]::new))) {
            assertThat(check.awaitExit()).as(() -> text(check)).isEqualTo(status);
            return check.out();
        }
    }

    private static String text(Program check) {
        try {
            return check.out() + " " + check.err();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> missing(List<String> findings) {
        return findings.stream().filter(line -> line.startsWith("MISSING")).toList();
    }

    /** What is missing, which the guide shows in these words. */
    private static List<String> missingAsInGuide(List<String> findings) throws Exception {
        List<String> missing = missing(findings);
        assertThat(Files.readString(Path.of("..", "docs", "transparent.md"))).contains(missing);
        return missing;
    }

    @ParameterizedTest
    @ValueSource(strings = {"IPV4", "IPV6"})
    void whereNothingIsMissingAClientIsSeen(String family) throws Exception {
        List<String> found = findings(0, on(NETWORK, WAY_BACK, RULE_AND_TABLE, SERVER), FLAG, family);

        assertThat(found).allMatch(line -> line.startsWith("ok")).hasSize(7);
        assertThat(found.get(6)).contains("trial connection: ").contains("has answered ");
    }

    @ParameterizedTest
    @CsvSource({"10.2.0.2:7, 192.0.2.1", "[fd00:2::2]:7, 2001:db8:0:0:0:0:0:1"})
    void withoutAClientOneIsMadeUp(String upstream, String client) throws Exception {
        List<String> found = findings(0, on(NETWORK, WAY_BACK, RULE_AND_TABLE, SERVER), FLAG, List.of(upstream));

        assertThat(found.get(6))
                .isEqualTo("ok      trial connection: " + upstream.replace("fd00:2::2", "fd00:2:0:0:0:0:0:2")
                        + " has answered " + client);
    }

    @Test
    void aFlagThatIsMissingIsFound() throws Exception {
        List<String> found = findings(1, on(NETWORK, WAY_BACK, RULE_AND_TABLE, SERVER), List.of(), "IPV4");

        assertThat(missingAsInGuide(found))
                .containsExactly(
                        "MISSING JVM flag: java.base/sun.nio.ch is closed",
                        "MISSING trial connection: not made, for want of what is missing above");
        assertThat(found).anyMatch(line -> line.startsWith("        mend it: java --add-opens java.base/sun.nio.ch="));
    }

    @Test
    void aCapabilityThatIsMissingIsFound() throws Exception {
        List<String> by = on(NETWORK, WAY_BACK, RULE_AND_TABLE, SERVER);
        by.addAll(List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all"));
        List<String> found = findings(1, by, FLAG, "IPV4");

        assertThat(missingAsInGuide(found))
                .containsExactly(
                        "MISSING capability: neither CAP_NET_ADMIN nor CAP_NET_RAW is effective",
                        "MISSING trial connection: not made, for want of what is missing above");
    }

    /** The commands that it prints are run, and then nothing is missing. */
    @ParameterizedTest
    @ValueSource(strings = {"IPV4", "IPV6"})
    void aRuleThatIsMissingIsFoundAndMended(String family) throws Exception {
        List<String> found = findings(1, on(NETWORK, WAY_BACK, SERVER), FLAG, family);
        assertThat(missing(found).get(0)).startsWith("MISSING rule and table: an answer to ");
        assertThat(missing(found).get(1)).contains("did not answer");

        String commands = commands(found);
        assertThat(missing(findings(0, on(NETWORK, WAY_BACK, SERVER, commands), FLAG, family)))
                .isEmpty();
    }

    private static String commands(List<String> found) {
        return found.stream()
                .filter(line -> line.contains("lookup 100"))
                .map(line -> line.substring(line.indexOf("mend it: ") + 9))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anUpstreamOnTheSameHostTakesARuleForItsPort() throws Exception {
        String server = """
                socat TCP4-LISTEN:7,fork EXEC:cat &
                until grep -q ':0007 .* 0A' /proc/net/tcp; do :; done
                """;
        List<String> ends = List.of("10.2.0.1:7", "198.51.100.7");
        List<String> found = findings(1, on(NETWORK, server), FLAG, ends);
        assertThat(commands(found)).contains("iif lo from 10.2.0.1 ipproto tcp sport 7");

        assertThat(missing(findings(0, on(NETWORK, server, commands(found)), FLAG, ends)))
                .isEmpty();
    }

    @Test
    void aPacketFiltersMarksDoAsWell() throws Exception {
        String marks = """
                nft -f - <<'RULES'
                table inet sluice {
                  chain back {
                    type filter hook prerouting priority mangle; policy accept;
                    meta l4proto { tcp, udp } socket transparent 1 meta mark set 1 accept
                  }
                }
                RULES
                ip rule add fwmark 1 lookup 100
                ip route add local default dev lo table 100
                """;
        List<String> found = findings(0, on(NETWORK, WAY_BACK, SERVER, marks), FLAG, "IPV4");

        assertThat(found).contains("ok      rule and table: not by themselves, but with a packet filter's marks");
    }

    @Test
    void anUpstreamThatKnowsNoWayBackIsFound() throws Exception {
        List<String> found = findings(1, on(NETWORK, RULE_AND_TABLE, SERVER), FLAG, "IPV4");

        assertThat(missingAsInGuide(found))
                .containsExactly("MISSING trial connection: 10.2.0.2:7 did not answer 198.51.100.7 within 3 s");
        assertThat(found.get(found.size() - 1)).contains("ip route add 198.51.100.7 via THIS_HOST");
    }

    /** The upstream answers by another link than it was asked by. */
    @Test
    void aStrictReversePathFilterIsFoundAndMended() throws Exception {
        String otherLink = """
                ip link add up1 type veth peer name eth1 netns upstream
                ip addr add 10.3.0.1/24 dev up1
                ip link set up1 up
                ip netns exec upstream ip addr add 10.3.0.2/24 dev eth1
                ip netns exec upstream ip link set eth1 up
                ip netns exec upstream ip route add default via 10.3.0.1
                ip rule add iif up1 lookup 100
                echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter
                """;
        List<String> found = findings(1, on(NETWORK, RULE_AND_TABLE, SERVER, otherLink), FLAG, "IPV4");
        assertThat(missingAsInGuide(found).get(0))
                .startsWith("MISSING reverse-path filter: ")
                .contains("strict");
        assertThat(found).anyMatch(line -> line.endsWith("sysctl -w net.ipv4.conf.all.rp_filter=2"));

        String mended = "echo 2 > /proc/sys/net/ipv4/conf/all/rp_filter";
        assertThat(missing(findings(0, on(NETWORK, RULE_AND_TABLE, SERVER, otherLink, mended), FLAG, "IPV4")))
                .isEmpty();
    }

    @Test
    void anUpstreamThatAnswersNobodyIsFound() throws Exception {
        List<String> found =
                findings(1, on(NETWORK, WAY_BACK, RULE_AND_TABLE), FLAG, List.of("10.2.0.77:7", "198.51.100.7"));

        assertThat(missing(found).get(0)).endsWith(", nor this host as itself");
    }

    /** Only the rule is named where the table is there, and the other way round nothing is said twice. */
    @Test
    void whatIsThereIsNotAskedForAgain() throws Exception {
        String table = "ip route add local default dev lo table 100";
        List<String> found = findings(1, on(NETWORK, WAY_BACK, SERVER, table), FLAG, "IPV4");

        assertThat(commands(found)).contains("rule add").doesNotContain("route add");
    }

    @Test
    void whereNobodyListensTheAnswersComeBackAllTheSame() throws Exception {
        List<String> found = findings(1, on(NETWORK, WAY_BACK, RULE_AND_TABLE), FLAG, "IPV4");

        assertThat(missingAsInGuide(found))
                .containsExactly("MISSING trial connection: 10.2.0.2:7 refused, so its answers come back");
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, 10.2.0.2:7, 10.0.0.1, neither proxy",
        "client, 10.2.0.2, 10.0.0.1, has no port",
        "client, 10.2.0.2:7, somebody, --client \"somebody\" is no address",
        "proxy, 10.2.0.2:7, 10.0.0.1, --source proxy needs nothing",
        "client, 10.2.0.2:7, ::1, has no address of the client's family"
    })
    void whatIsAskedWronglyIsSaid(String source, String upstream, String client, String complaint) throws Exception {
        try (Program check = Program.start("check", "--source", source, "--upstream", upstream, "--client", client)) {
            assertThat(check.awaitExit()).isEqualTo(2);
            assertThat(String.join("\n", check.err()).toLowerCase(Locale.ROOT))
                    .contains(complaint.toLowerCase(Locale.ROOT));
        }
    }
}
