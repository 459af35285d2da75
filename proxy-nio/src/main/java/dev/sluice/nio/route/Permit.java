package dev.sluice.nio.route;

/**
 * A flow's place among those that may live at once, given back by its one end.
 *
 * <p>Thread: any.
 */
public interface Permit {
    void give();
}
