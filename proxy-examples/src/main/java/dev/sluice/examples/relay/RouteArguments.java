package dev.sluice.examples.relay;

import dev.sluice.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The routes of one command line, each under a name of its own. */
final class RouteArguments {
    private RouteArguments() {}

    static List<Route> routes(List<String> texts) {
        List<RouteArgument> arguments = texts.stream().map(RouteArgument::parse).toList();
        Set<String> taken = new HashSet<>();
        for (RouteArgument each : arguments) {
            each.name().filter(name -> !taken.add(name)).ifPresent(name -> {
                throw new IllegalArgumentException(
                        "two routes have the name \"" + name + "\"; give one of them another, with ?name=...");
            });
        }
        List<Route> routes = new ArrayList<>();
        for (RouteArgument each : arguments) {
            routes.add(each.route(each.name().orElseGet(() -> free(each.ownName(), taken))));
        }
        return routes;
    }

    /** The name, or if it is taken the name with the first number that makes it another: {@code tcp-7005-2}. */
    private static String free(String name, Set<String> taken) {
        String free = name;
        for (int n = 2; !taken.add(free); n++) {
            free = name + "-" + n;
        }
        return free;
    }
}
