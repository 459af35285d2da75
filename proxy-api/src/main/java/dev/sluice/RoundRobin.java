package dev.sluice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Each member in turn, as often as its weight. One counter over all workers makes it exact. */
final class RoundRobin implements UpstreamSelector {
    /** Turns passed over for each member before chance decides: whose many turns are all unusable bounds no pick. */
    private static final int PASSES = 8;

    private final List<Upstream> members;
    private final int[] schedule;
    private final AtomicLong turn;
    private final RandomChoice chance;

    RoundRobin() {
        this(List.of(), new int[0], 0);
    }

    private RoundRobin(List<Upstream> members, int[] schedule, long next) {
        this.members = members;
        this.schedule = schedule;
        this.turn = new AtomicLong(next);
        this.chance = new RandomChoice().prepare(members);
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int size = candidates.size();
        boolean isPrepared = size == members.size();
        int round = isPrepared ? schedule.length : size;
        if (round == 0) {
            return -1;
        }
        long passes = Math.min(round, (long) PASSES * size);
        while (true) {
            long from = turn.get();
            long next = from;
            int choice = -1;
            for (; choice < 0 && next < from + passes; next++) {
                int place = (int) (next % round);
                int i = isPrepared ? schedule[place] : place;
                if (candidates.usable(i) && takesItsTurn(i, candidates)) {
                    choice = i;
                }
            }
            if (choice < 0) {
                return chance.select(candidates, flow);
            }
            // Passing over takes turns too: the successor of an unusable member must not have two shares.
            if (candidates.attempt() > 0 || turn.compareAndSet(from, next)) {
                return choice;
            }
        }
    }

    /** One that starts slowly lets turns pass, as many as its weight lacks. */
    private static boolean takesItsTurn(int i, Candidates candidates) {
        int whole = candidates.upstream(i).weight();
        int now = candidates.weight(i);
        return now >= whole || ThreadLocalRandom.current().nextInt(whole) < now;
    }

    /** Goes on with the member whose turn is next; if it has left, with the first of its successors that stayed. */
    @Override
    public UpstreamSelector prepare(List<Upstream> next) {
        List<Upstream> copy = List.copyOf(next);
        int[] turns = Schedule.of(copy);
        if (copy.equals(members)) {
            return new RoundRobin(copy, turns, turn.get());
        }
        Map<String, Integer> firstTurns = new HashMap<>();
        for (int place = 0; place < turns.length; place++) {
            firstTurns.putIfAbsent(copy.get(turns[place]).id(), place);
        }
        long now = turn.get();
        for (int k = 0; k < schedule.length; k++) {
            Upstream successor = members.get(schedule[(int) ((now + k) % schedule.length)]);
            Integer place = firstTurns.get(successor.id());
            if (place != null) {
                return new RoundRobin(copy, turns, place);
            }
        }
        return new RoundRobin(copy, turns, 0);
    }

    @Override
    public String toString() {
        return "roundRobin";
    }
}
