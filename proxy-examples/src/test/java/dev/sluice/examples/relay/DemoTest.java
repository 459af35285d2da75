package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class DemoTest {

    @Test
    void losesNothing() throws IOException, InterruptedException {
        try (Program demo = Program.start("demo")) {
            assertThat(demo.awaitExit()).as("out: %s", demo.out()).isZero();
            assertThat(demo.out())
                    .contains("Nothing was lost.")
                    .anyMatch(line -> line.matches("  north answered +250 +500 +#+"))
                    .anyMatch(line -> line.matches("  south answered +250 +0 +#+"))
                    .anyMatch(line -> line.matches("  [1-9]\\d* connections were refused by south; .*"))
                    .allMatch(line -> line.length() <= 80);
            assertOneIsOut(demo);
        }
    }

    @Test
    void staysUpIfAsked() throws IOException, InterruptedException {
        try (Program demo = Program.start("demo", "--stay")) {
            String port =
                    demo.awaitLine("  curl http://127\\.0\\.0\\.1:(\\d+)/").group(1);
            InetSocketAddress web = new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
            Tally tally = new Tally();
            for (int i = 0; i < 4; i++) {
                try (HttpConnection client = new HttpConnection(web)) {
                    tally.answered(client.get());
                }
            }
            assertThat(tally.answeredBy("north")).isEqualTo(2);
            assertThat(tally.answeredBy("south")).isEqualTo(2);

            demo.terminate();
            demo.awaitLine("stopped, .*");
            assertThat(demo.awaitExit()).isZero();
            assertOneIsOut(demo);
        }
    }

    private static void assertOneIsOut(Program demo) throws InterruptedException {
        assertThat(demo.err())
                .singleElement()
                .asString()
                .contains("WARN")
                .contains("upstream south ")
                .contains(" is EJECTED: for 10000 ms, after 3 in a row failed, the last: REFUSED");
    }
}
