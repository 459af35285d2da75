package dev.sluice.examples.relay;

/** The longer parts of what {@code --help} prints. */
final class Help {
    static final String SYNOPSIS = """
            java -jar relay.jar [OPTION...] ROUTE...
                   java -jar relay.jar demo [--stay]
                   java -jar relay.jar check --source SOURCE --upstream HOST:PORT
                                             [--client ADDRESS]""";

    static final String ROUTE =
            "[tcp:|udp:]LISTEN=UPSTREAM[,UPSTREAM...][?option=value[&option=value...]], where LISTEN is port,"
                    + " host:port or [v6]:port, and port 0 picks a free one. Quote a route that has options.";

    static final String ROUTE_OPTIONS = """

            Options of a TCP route, with their defaults:
              name=tcp-PORT       what this program calls it; tcp-any with port 0
              select=roundRobin   or leastConnections, twoChoices, random, failover,
                                  sourceHash, maglev
              weight=100,100,...  each upstream's share, 0 to 1000; 0: no new flows
              priority=0,0,...    for failover: the lowest number is tried first
              limit=0,0,...       each upstream's connections at once; 0: no limit
              resolve=            each address of the one upstream's name is an upstream,
                                  looked up again after this time; without it the name
                                  is one upstream
              eject=3             failures in a row that put an upstream out of rotation,
                                  for 10 s at first and 5 min at most; off: none do
              check=              checks each upstream at this interval, by connecting
              checkSend=          what a check sends; \\r, \\n, \\t, \\\\ and \\xHH are
                                  understood, \\x26 is &
              checkExpect=        what must be in the answer; without it any will do
              checkPort=          another port of the host to check
              checkTimeout=2s     for one check
              rise=2              checks in a row that bring an upstream back
              fall=3              checks in a row that put it out of rotation
              slowStart=0         time in which one that comes back grows to its weight
              panicBelow=0        share of healthy upstreams below which all are used
              connect=5s          for one attempt to reach an upstream
              attempts=3          most upstreams that are tried for a connection
              deadline=10s        for all attempts together
              idle=10m            without traffic, then it is ended
              halfClosed=60s      without progress once one side has ended
              maxDuration=0       for a connection in all
              jitter=0            part of maxDuration that is added at random, 0 to 1
              maxConnections=0    at once; 0: what the open-file limit allows
              maxPerClient=0      the same for one client address; 0: no limit
              acceptRate=0        connections accepted a second, others wait; 0: no limit
              allow=CIDR,...      clients that are served; without it all are
              deny=CIDR,...       clients that are not, even where allow names them
              proxyIn=CIDR,...    expects a PROXY header, of v1 or v2, from these peers,
                                  and resets all others; the client is whom it names
              preface=5s          from the accept until that header is there
              proxyOut=           v1 or v2: the PROXY header that upstreams are sent
              source=proxy        whose address upstreams see: client, client-port (the
                                  port too, where it is free), or one of this host
              intercept=false     true: takes what a TPROXY rule diverts here; as the
                                  upstream, "original" is where it was meant to go
              backlog=4096        connections that the kernel holds until accepted
              keepAlive=0         idle time before the first keepalive probe
              noDelay=true        sends small writes at once
              toClient=           faults of what upstreams send, in this order; how they
                                  are written is told below
              toUpstream=         the same of what clients send
              bothWays=           the same of both, each by itself, after those above
              listening=          what clients meet who connect: refuse, unresponsive,
                                  acceptAndClose, acceptAndReset or pauseAccepting
              faultShare=1        part of the flows that all these are for, by chance,
                                  0 to 1
              faultFirst=0        how many flows they are for, the first ones; 0: all
              faultFor=0          time from the start until they end; 0: they stay
              faultSeed=          a number that chance is drawn from; one that is told, at
                                  the start and by --stats, repeats what chance did then

            Options of a UDP route, with their defaults:
              name=udp-PORT       what this program calls it; udp-any with port 0
              select=roundRobin   as for TCP
              weight=100,100,...  as for TCP
              priority=0,0,...    as for TCP
              limit=0,0,...       as for TCP, of sessions
              resolve=            as for TCP
              eject=3             as for TCP
              check=              checks each upstream at this interval; needs checkSend
              checkSend=          as for TCP, in a datagram
              checkExpect=        as for TCP
              checkPort=          as for TCP
              checkTimeout=2s     as for TCP
              rise=2              as for TCP
              fall=3              as for TCP
              slowStart=0         as for TCP
              panicBelow=0        as for TCP
              idle=60s            without traffic, then the session is ended
              maxSessions=16384   at once
              maxPerClient=0      the same for one client address; 0: no limit
              allow=CIDR,...      as for TCP
              deny=CIDR,...       as for TCP
              proxyIn=CIDR,...    as for TCP, in each datagram
              proxyOut=           v2: before each datagram, as proxyIn wants it; v2-first:
                                  before the first of a session
              source=proxy        as for TCP
              intercept=false     true: LISTEN is an address that is meant for others
              maxDatagram=65507   longer ones are dropped
              requests=0          datagrams that a session takes; 0: no limit
              responses=-1        answers awaited for each; 0: none, -1: no limit
              receiveBuffer=4m    asked of the kernel
              toClient=           as for TCP
              toUpstream=         as for TCP
              bothWays=           as for TCP
              listening=          as for TCP: refuse or pauseAccepting
              faultShare=1        as for TCP
              faultFirst=0        as for TCP
              faultFor=0          as for TCP
              faultSeed=          as for TCP

            Faults, with a comma between two: latency:100ms:20ms,bandwidth:64k
              latency:DELAY[:JITTER][:connect][:end]
                                  data is late, by up to the jitter more or less; over TCP,
                                  connect delays the dial too, and end the end of stream
              stall               nothing comes until the fault is over, then all does
              blackHole           what is sent is lost, and no end of it is seen
            Of a TCP route alone:
              bandwidth:SIZE[:shared]
                                  bytes a second, for each flow or for all together
              slice:SIZE[:GAP]    data comes in pieces so long, so much time apart
              limit:SIZE          closes the flow in good order after so many bytes
              halfClose           an end of stream comes; the other direction goes on
              halfCloseAfter:SIZE
                                  the same behind so many bytes
              slowClose:DELAY     the end of the stream is late
              reset               resets the flow at once
              resetAfter:TIME     resets the flow after this time
              resetAfterBytes:SIZE
                                  resets the flow after so many bytes, which arrive
            Of a UDP route alone; a RATE is a part of all datagrams, 0 to 1:
              loss:RATE[:BURST]   datagrams are lost, so many in a row each time
              lossEvery:N         with 3 the third is lost, the sixth and so on
              duplicate:RATE      datagrams come twice
              reorder:RATE        datagrams come after the next, or 100 ms late
              corrupt:RATE        datagrams come with one bit flipped
              truncate:SIZE       datagrams come without what is beyond this length
              rebind[:EVERY]      toUpstream alone: the upstream sees another port, once
                                  or again each time that so much has passed

            What --stats tells of each route and upstream:
              FLOWS               connections or sessions now
              OPENED              connections or sessions so far
              UP, UP/S            bytes to upstreams so far, and a second
              DOWN, DOWN/S        bytes to clients so far, and a second
              STATE               of an upstream, when flows last needed it: ok, it was
                                  reached; fails, it was not; flaky, some reached it;
                                  -, none has needed it yet; out, it fails its checks, or
                                  failed too often in a row, and gets none for now
              ~                   a fault that the route is under: its seed, and the
                                  flows that have been under it so far
              !                   what went wrong on the route so far

            Durations are 500ms, 5s, 10m or 2h, and 0 is off. Sizes are bytes, 64k or 4m.
            SIGTERM or Ctrl-C drains; a second one ends the drain at once.
            Exit status: 0 when told to stop, 1 if a route cannot start, 2 for a wrong
            argument.""";

    private Help() {}
}
