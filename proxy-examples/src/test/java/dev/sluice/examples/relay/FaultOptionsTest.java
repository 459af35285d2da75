package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.FaultRule;
import dev.sluice.Route;
import dev.sluice.fault.Fault;
import dev.sluice.fault.ListeningFault;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultOptionsTest {

    private static List<FaultRule> rules(String text) {
        return RouteArgument.parse(text).route("it").faults();
    }

    private static List<Fault> toUpstream(String transport, String faults) {
        return rules(transport + ":7005=a:1?toUpstream=" + faults).get(0).faults();
    }

    private static Duration millis(long n) {
        return Duration.ofMillis(n);
    }

    @Test
    void thereAreNoneUnlessAsked() {
        assertThat(rules("7005=a:1")).isEmpty();
        assertThat(rules("udp:7005=a:1?idle=1s")).isEmpty();
    }

    @Test
    void faultsWorkInTheOrderInWhichTheyAreWritten() {
        assertThat(rules("7005=a:1?toClient=latency:100ms:20ms,bandwidth:64k&faultSeed=42"))
                .containsExactly(
                        FaultRule.toClient(Fault.latency(millis(100)).jitter(millis(20)), Fault.bandwidth(64 << 10))
                                .seed(42));
    }

    @Test
    void eachPlaceHasARuleOfItsOwn() {
        assertThat(rules("7005=a:1?bothWays=slice:1&toClient=stall&listening=acceptAndClose&toUpstream=blackHole"
                        + "&faultSeed=-7"))
                .containsExactly(
                        FaultRule.listening(Fault.acceptAndClose()).seed(-7),
                        FaultRule.toUpstream(Fault.blackHole()).seed(-7),
                        FaultRule.toClient(Fault.stall()).seed(-7),
                        FaultRule.bothWays(Fault.slice(1)).seed(-7));
    }

    @Test
    void everyFaultOfAStreamCanBeWritten() {
        assertThat(toUpstream("tcp", "latency:1s,latency:1s:connect,latency:1s:5ms:end:connect,stall,blackHole"))
                .containsExactly(
                        Fault.latency(millis(1000)),
                        Fault.latency(millis(1000)).withConnect(),
                        Fault.latency(millis(1000))
                                .jitter(millis(5))
                                .withConnect()
                                .withEnd(),
                        Fault.stall(),
                        Fault.blackHole());
        assertThat(toUpstream(
                        "tcp",
                        "bandwidth:1500,bandwidth:1m:shared,slice:10,slice:1k:5ms,limit:1m,"
                                + "halfClose,halfCloseAfter:1k,slowClose:2h"))
                .containsExactly(
                        Fault.bandwidth(1500),
                        Fault.bandwidth(1 << 20).shared(),
                        Fault.slice(10),
                        Fault.slice(1024).gap(millis(5)),
                        Fault.limit(1 << 20),
                        Fault.halfClose(),
                        Fault.halfCloseAfter(1024),
                        Fault.slowClose(Duration.ofHours(2)));
        assertThat(toUpstream("tcp", "reset,resetAfter:4m,resetAfterBytes:4m"))
                .containsExactly(Fault.reset(), Fault.resetAfter(Duration.ofMinutes(4)), Fault.resetAfter(4L << 20));
    }

    @Test
    void everyFaultOfDatagramsCanBeWritten() {
        assertThat(toUpstream("udp", "latency:1s:1s,stall,blackHole,loss:0.1,loss:0.25:4,lossEvery:3"))
                .containsExactly(
                        Fault.latency(millis(1000)).jitter(millis(1000)),
                        Fault.stall(),
                        Fault.blackHole(),
                        Fault.loss(0.1),
                        Fault.loss(0.25).inBurstsOf(4),
                        Fault.lossEvery(3));
        assertThat(toUpstream("udp", "duplicate:0.2,reorder:0.3,corrupt:1,truncate:512,rebind,rebind:5s"))
                .containsExactly(
                        Fault.duplicate(0.2),
                        Fault.reorder(0.3),
                        Fault.corrupt(1),
                        Fault.truncate(512),
                        Fault.rebind(),
                        Fault.rebind().every(millis(5000)));
    }

    @ParameterizedTest
    @EnumSource
    void whatClientsMeetHasTheNameOfItsFactory(ListeningFault fault) throws ReflectiveOperationException {
        String name = FaultForm.listeningNames().get(fault.ordinal());

        assertThat(Fault.class.getMethod(name).invoke(null)).isEqualTo(fault);
        assertThat(rules("7005=a:1?listening=" + name))
                .singleElement()
                .extracting(FaultRule::faults)
                .isEqualTo(List.of(fault));
    }

    @Test
    void whichFlowsAndHowLongIsSaidOnceForAll() {
        assertThat(rules(
                        "7005=a:1?toClient=reset&toUpstream=stall&faultShare=0.5&faultFirst=3&faultFor=2s&faultSeed=1"))
                .containsExactly(
                        FaultRule.toUpstream(Fault.stall())
                                .probability(0.5)
                                .first(3)
                                .during(millis(2000))
                                .seed(1),
                        FaultRule.toClient(Fault.reset())
                                .probability(0.5)
                                .first(3)
                                .during(millis(2000))
                                .seed(1));
        assertThat(rules("7005=a:1?listening=refuse&faultFor=2s&faultShare=1&faultFirst=0"))
                .containsExactly(FaultRule.listening(Fault.refuse()).during(millis(2000)));
    }

    @Test
    void allFaultsOfARouteHaveOneSeedWhereNoneIsGiven() {
        List<FaultRule> rules = rules("udp:7005=a:1?toClient=loss:0.1&toUpstream=loss:0.1");

        assertThat(rules).extracting(FaultRule::seed).allMatch(OptionalLong::isPresent);
        assertThat(rules.get(0).seed()).isEqualTo(rules.get(1).seed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7005=a:1?bothWays=loss:0.1", "7005=a:1?toUpstream=rebind"})
    void whatIsNotForTheRouteIsToldByTheLibrary(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rules(text))
                .withMessageStartingWith("route \"it\": faults: ")
                .withMessageContaining(" is not for TCP; ");
    }

    @Test
    void soItIsOfWhatClientsMeet() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rules("udp:7005=a:1?listening=acceptAndReset"))
                .withMessageStartingWith("route \"it\": faults: ACCEPT_AND_RESET is not for UDP; refuse and");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "toClient=slow                  | option toClient: \"slow\" is not a fault; use one of latency, stall,",
                "toClient=refuse                | option toClient: \"refuse\" has no direction; write listening=refuse",
                "toClient=stall,                | option toClient: a fault is empty; write one comma between two",
                "toUpstream=latency             | option toUpstream: \"latency\" has too few values; write",
                "toUpstream=stall:1s            | option toUpstream: \"stall:1s\" has too many values; write stall",
                "bothWays=latency:5             | option bothWays: \"latency:5\": \"5\" is not a duration; write",
                "bothWays=latency:              | option bothWays: \"latency:\": \"\" is not a duration; write",
                "bothWays=latency:1s:2s         | option bothWays: \"latency:1s:2s\": latency jitter PT2S is more",
                "bothWays=latency:9s:1s:2s      | option bothWays: \"latency:9s:1s:2s\": \"2s\" is a second jitter;",
                "toClient=bandwidth:0           | option toClient: \"bandwidth:0\": bandwidth in bytes a second 0 is",
                "toClient=bandwidth:1k:each     | option toClient: \"bandwidth:1k:each\": \"each\" is not shared;",
                "toClient=limit:1x              | option toClient: \"limit:1x\": \"1x\" is not a size; write bytes,",
                "toClient=loss:2                | option toClient: \"loss:2\": \"2\" is not a fraction; use",
                "toClient=loss:0.1:0            | option toClient: \"loss:0.1:0\": loss burst 0 is out of range;",
                "toClient=lossEvery:x           | option toClient: \"lossEvery:x\": \"x\" is not a number of at most",
                "listening=slow                 | option listening: \"slow\" is not what clients can meet; use one of",
                "toClient=stall&toClient=stall  | option toClient is given twice; leave one out",
                "toClient=stall&faultShare=2    | option faultShare: \"2\" is not a fraction; use 0 to 1",
                "toClient=stall&faultFirst=-1   | option faultFirst: \"-1\" is out of range; use 0 or more",
                "toClient=stall&faultFor=5      | option faultFor: \"5\" is not a duration; write",
                "toClient=stall&faultSeed=x     | option faultSeed: \"x\" is not a seed; write a whole number,",
                "listening=refuse&faultShare=0  | option listening is what all clients meet, unless it is",
                "listening=refuse&faultFirst=1  | option listening is what all clients meet, unless it is",
                "faultShare=0.5                 | option faultShare is about faults, of which there are none;",
                "faultFirst=1                   | option faultFirst is about faults, of which there are none;",
                "faultFor=1s                    | option faultFor is about faults, of which there are none;",
                "faultSeed=1                    | option faultSeed is about faults, of which there are none;",
            })
    void theOneThingThatIsWrongIsSaid(String options, String wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rules("7005=a:1?" + options))
                .withMessageStartingWith("route \"")
                .withMessageContaining(wrong);
    }

    @ParameterizedTest
    @EnumSource
    void theHelpSaysEveryFault(FaultForm form) {
        assertThat(Help.ROUTE_OPTIONS).containsPattern("\n  " + Pattern.quote(form.toString()) + "[ \n]");
    }

    @Test
    void theHelpSaysEverythingThatClientsMeet() {
        assertThat(Help.ROUTE_OPTIONS).contains(FaultForm.listeningNames());
    }

    @Test
    void theHelpFitsATerminal() {
        assertThat(Help.ROUTE_OPTIONS.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void aSettingKeepsItsFaults() {
        Route route = RouteArgument.parse("udp:7005=a:1?responses=1&toClient=stall&faultSeed=1")
                .route("it");

        assertThat(route.faults())
                .containsExactly(FaultRule.toClient(Fault.stall()).seed(1));
    }
}
