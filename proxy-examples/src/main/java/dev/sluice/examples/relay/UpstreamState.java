package dev.sluice.examples.relay;

/** How an upstream does, told by the flows of its routes. */
enum UpstreamState {
    /** No flow has needed it yet. */
    UNUSED("-"),
    /** It was reached each time of late. */
    OK("ok"),
    /** It was reached, and was not, between two looks. */
    FLAKY("flaky"),
    /** It was not reached, each time of late. Not "down", which is a direction here. */
    FAILS("fails");

    private final String text;

    UpstreamState(String text) {
        this.text = text;
    }

    /** The state after the flows that came since the last look; without any it stays as it was. */
    UpstreamState after(long reached, long failed) {
        if (failed > 0) {
            return reached > 0 ? FLAKY : FAILS;
        }
        return reached > 0 ? OK : this;
    }

    @Override
    public String toString() {
        return text;
    }
}
