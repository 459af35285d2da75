package dev.sluice.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FaultTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    static Stream<Arguments> shown() {
        return Stream.of(
                Arguments.of(Fault.latency(SECOND), "latency PT1S"),
                Arguments.of(
                        Fault.latency(SECOND).jitter(SECOND).withConnect().withEnd(),
                        "latency PT1S +-PT1S, of connect, of end"),
                Arguments.of(Fault.bandwidth(1_000), "bandwidth 1000 B/s"),
                Arguments.of(Fault.bandwidth(1_000).shared(), "bandwidth 1000 B/s, shared"),
                Arguments.of(Fault.slice(10), "slices of 10 B"),
                Arguments.of(Fault.slice(10).variation(9).gap(SECOND), "slices of 10 +-9 B, PT1S apart"),
                Arguments.of(Fault.limit(7), "limit of 7 B"),
                Arguments.of(Fault.halfClose(), "half-close"),
                Arguments.of(Fault.halfCloseAfter(7), "half-close after 7 B"),
                Arguments.of(Fault.slowClose(SECOND), "slow close PT1S"),
                Arguments.of(Fault.stall(), "stall"),
                Arguments.of(Fault.blackHole(), "black hole"),
                Arguments.of(Fault.reset(), "reset"),
                Arguments.of(Fault.resetAfter(7), "reset after 7 B"),
                Arguments.of(Fault.resetAfter(SECOND), "reset after PT1S"),
                Arguments.of(Fault.loss(0.5), "loss 0.5"),
                Arguments.of(Fault.loss(0.5).inBurstsOf(3), "loss 0.5 in bursts of 3"),
                Arguments.of(Fault.lossEvery(3), "loss of every 3."),
                Arguments.of(Fault.lossIf(datagram -> true), "loss of some"),
                Arguments.of(Fault.duplicate(0.5), "duplication 0.5"),
                Arguments.of(Fault.reorder(0.5).distance(2).longest(SECOND), "reordering 0.5 by 2, PT1S at most"),
                Arguments.of(Fault.corrupt(0.5), "corruption 0.5"),
                Arguments.of(Fault.truncate(10), "truncation to 10 B"),
                Arguments.of(Fault.truncate(10).rate(0.5), "truncation to 10 B, rate 0.5"),
                Arguments.of(Fault.rebind(), "rebinding"),
                Arguments.of(Fault.rebind().every(SECOND), "rebinding every PT1S"),
                Arguments.of(Fault.refuse(), "REFUSE"));
    }

    @ParameterizedTest
    @MethodSource("shown")
    void aFaultShowsWhatItDoes(Fault fault, String text) {
        assertThat(fault).hasToString(text);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("latency PT-1S is out of range; use zero to 36500 days", () -> Fault.latency(SECOND.negated())),
                refused(
                        "latency jitter PT2S is more than the latency, PT1S; use that at most",
                        () -> Fault.latency(SECOND).jitter(SECOND.multipliedBy(2))),
                refused("bandwidth in bytes a second 0 is out of range; use 1 or more", () -> Fault.bandwidth(0)),
                refused("slice bytes 0 is out of range; use 1 or more", () -> Fault.slice(0)),
                refused(
                        "slice variation 10 leaves nothing of a slice of 10; use less",
                        () -> Fault.slice(10).variation(10)),
                refused(
                        "slice gap PT-1S is out of range; use zero to 36500 days",
                        () -> Fault.slice(10).gap(SECOND.negated())),
                refused("limit in bytes 0 is out of range; use 1 or more", () -> Fault.limit(0)),
                refused("half-close after bytes 0 is out of range; use 1 or more", () -> Fault.halfCloseAfter(0)),
                refused("reset after bytes 0 is out of range; use 1 or more", () -> Fault.resetAfter(0)),
                refused(
                        "reset after 1 bytes and after PT1S: give one of the two; for whichever comes first use two"
                                + " faults",
                        () -> new Reset(1, SECOND)),
                refused(
                        "loss rate 1.5 is out of range; use 0 for none to 1 for all, such as 0.1",
                        () -> Fault.loss(1.5)),
                refused(
                        "loss rate NaN is out of range; use 0 for none to 1 for all, such as 0.1",
                        () -> Fault.loss(Double.NaN)),
                refused(
                        "loss burst 0 is out of range; use 1 or more",
                        () -> Fault.loss(0.5).inBurstsOf(0)),
                refused("loss every 0 is out of range; use 1 or more", () -> Fault.lossEvery(0)),
                refused(
                        "reordering distance 0 is out of range; use 1 or more",
                        () -> Fault.reorder(0.5).distance(0)),
                refused(
                        "longest reordering is zero; use a longer time",
                        () -> Fault.reorder(0.5).longest(Duration.ZERO)),
                refused("truncation to bytes -1 is out of range; use 0 or more", () -> Fault.truncate(-1)),
                refused(
                        "rebinding interval PT-1S is out of range; use zero to 36500 days",
                        () -> Fault.rebind().every(SECOND.negated())));
    }

    private static Arguments refused(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsOutOfRangeIsSaid(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Test
    void whatIsNullIsNamed() {
        assertThatNullPointerException().isThrownBy(() -> Fault.latency(null)).withMessage("latency");
        assertThatNullPointerException().isThrownBy(() -> Fault.lossIf(null)).withMessage("isLost");
    }
}
