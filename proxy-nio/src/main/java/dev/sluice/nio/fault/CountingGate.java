package dev.sluice.nio.fault;

/**
 * So many bytes pass, and behind them a mark that ends the stream, or the flow; bytes that come later are lost.
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
    public Chunk.Mark first() {
        return left == 0 ? mark : null;
    }

    @Override
    public int portion(int available) {
        return left == 0 ? available : (int) Math.min(available, left);
    }

    @Override
    public boolean admits(Chunk portion) {
        boolean wasOpen = left > 0;
        left -= Math.min(left, portion.length());
        isMarkDue = wasOpen && left == 0;
        return wasOpen || portion.mark() != null;
    }

    @Override
    public Chunk.Mark follows() {
        return isMarkDue ? mark : null;
    }
}
