package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpstreamStateTest {

    @Test
    void followsTheFlows() {
        assertThat(UpstreamState.UNUSED.after(1, 0)).isEqualTo(UpstreamState.OK);
        assertThat(UpstreamState.OK.after(0, 1)).isEqualTo(UpstreamState.FAILS);
        assertThat(UpstreamState.OK.after(1, 1)).isEqualTo(UpstreamState.FLAKY);
        assertThat(UpstreamState.FAILS.after(2, 0)).isEqualTo(UpstreamState.OK);
    }

    @Test
    void staysWhereNothingHappens() {
        for (UpstreamState state : UpstreamState.values()) {
            assertThat(state.after(0, 0)).isEqualTo(state);
        }
    }
}
