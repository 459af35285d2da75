package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamsTest {

    @Test
    void aGroupKeepsTheOrderOfItsMembersAndTakesEachInTurnByDefault() {
        Upstreams group = Upstreams.of("b:1", "a:1", "c:1");

        assertThat(group.members()).containsExactly(Upstream.of("b:1"), Upstream.of("a:1"), Upstream.of("c:1"));
        assertThat(group.selector()).hasToString("roundRobin");
        assertThat(group.name()).isNull();
    }

    @Test
    void aGroupDoesNotChangeWithTheListItWasMadeOf() {
        List<Upstream> list = new ArrayList<>(List.of(Upstream.of("a:1")));
        Upstreams group = Upstreams.of(list);
        list.clear();

        assertThat(group.members()).containsExactly(Upstream.of("a:1"));
        assertThatThrownBy(() -> group.members().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aGroupMayBeEmpty() {
        assertThat(Upstreams.of(List.of()).members()).isEmpty();
    }

    @Test
    void namingAndSelectingChangeNothingElse() {
        UpstreamSelector selector = UpstreamSelector.failover();
        Upstreams group = Upstreams.of("a:1", "b:1");
        Upstreams changed = group.named("g").select(selector);

        assertThat(changed.name()).isEqualTo("g");
        assertThat(changed.selector()).isSameAs(selector);
        assertThat(changed.members()).isEqualTo(group.members());
        assertThat(group.select(selector).named("g")).isEqualTo(changed).hasSameHashCodeAs(changed);
        assertThat(changed).isNotEqualTo(group).hasToString("g [a:1, b:1]");
    }

    @Test
    void twoMembersWithOneIdAreRefused() {
        assertThatThrownBy(() -> Upstreams.of("a:1", "a:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("upstream \"a:1\" is given twice; leave one out, or tell them apart with Upstream.id(…)");
        assertThat(Upstreams.of(List.of(Upstream.of("a:1"), Upstream.of("a:1").id("second")))
                        .members())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\tb", "\u00a0", "a\u0000"})
    void aGroupNameIsOneReadableWord(String name) {
        assertThatThrownBy(() -> Upstreams.of("a:1").named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("group name \"")
                .hasMessageEndingWith(
                        "\" has whitespace or control characters; use one word such as \"web\" or \"web-1\"");
        assertThatThrownBy(() -> Upstreams.of("a:1").named(""))
                .hasMessage("group name is empty; use a word such as \"web\"");
    }
}
