package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class NameResolverTest {

    @Test
    void theSystemResolverGivesTheJdksAnswer() throws Exception {
        assertThat(NameResolver.system().resolve("localhost")).containsExactly(InetAddress.getAllByName("localhost"));
    }

    @Test
    void aNameWithoutAnAddressFails() {
        assertThatThrownBy(() -> NameResolver.system().resolve("1::2::3")).isInstanceOf(UnknownHostException.class);
    }
}
