package dev.sluice.nio.fault;

/**
 * So many bytes pass, and behind them a mark that ends the flow; what comes later is lost.
 *
 * <p>Thread: worker.
 */
final class CountingGate implements Gate {
    private final Chunk.Mark mark;
    private long left;
    private boolean isMarkDue;

    CountingGate(long bytes, Chunk.Mark mark) {
        this.left = bytes;
        this.mark = mark;
    }

    @Override
    public int portion(int available) {
        return left == 0 ? available : (int) Math.min(available, left);
    }

    @Override
    public boolean admits(Chunk portion) {
        boolean admitted = left > 0;
        left -= Math.min(left, portion.length());
        isMarkDue = admitted && left == 0;
        return admitted;
    }

    @Override
    public Chunk.Mark follows() {
        return isMarkDue ? mark : null;
    }
}
