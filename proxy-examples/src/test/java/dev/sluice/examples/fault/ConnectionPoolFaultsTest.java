package dev.sluice.examples.fault;

import static dev.sluice.FaultRule.bothWays;
import static dev.sluice.FaultRule.toClient;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.RunningRoute;
import dev.sluice.fault.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import org.h2.tools.Server;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A connection pool, HikariCP, and a JDBC driver, H2's, whose database is far away, gone, or back.
 *
 * <p>What is learnt: The pool's {@code connectionTimeout} bounds the wait for a connection, and nothing after it. A
 * query that gets no answer ends by a timeout of the driver's socket ({@code NETWORK_TIMEOUT} here, {@code
 * socketTimeout} in other drivers) and waits for ever without one: the query timeout of JDBC is the database's, which
 * knows nothing of the link. The pool tests a connection before it hands it out, but not one that was in use half a
 * second ago, and that test, too, ends by the driver's timeout alone. A connection that fails in use is given up only
 * if the pool knows the error: H2's it has to be told.
 */
@Timeout(60)
class ConnectionPoolFaultsTest {
    private static final Duration NETWORK_TIMEOUT = ofSeconds(2);

    @AutoClose("stop")
    private final Server database =
            Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();

    @AutoClose
    private final ProxyServer proxy =
            ProxyServer.start(Route.tcp("db").listen("127.0.0.1", 0).to("127.0.0.1:" + database.getPort()));

    private final RunningRoute db = proxy.route("db");

    ConnectionPoolFaultsTest() throws SQLException {}

    /** For pools of one connection, so that it is clear which one is meant. */
    private HikariConfig config() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:tcp://127.0.0.1:" + db.port() + "/mem:" + database.getPort() + ";DB_CLOSE_DELAY=-1");
        config.setMaximumPoolSize(1);
        return config;
    }

    private HikariConfig configWithNetworkTimeout() {
        HikariConfig config = config();
        config.setJdbcUrl(config.getJdbcUrl() + ";NETWORK_TIMEOUT=" + NETWORK_TIMEOUT.toMillis());
        return config;
    }

    /** Tests each connection before it hands it out. */
    private static HikariDataSource carefulPool(HikariConfig config) {
        return pool(config, ofMillis(-1));
    }

    /** Tests none that was used in the last hour; the default is half a second, which no test could rely on. */
    private static HikariDataSource trustingPool(HikariConfig config) {
        return pool(config, Duration.ofHours(1));
    }

    private static HikariDataSource pool(HikariConfig config, Duration untested) {
        String property = "com.zaxxer.hikari.aliveBypassWindowMs";
        System.setProperty(property, Long.toString(untested.toMillis()));
        try {
            return new HikariDataSource(config);
        } finally {
            System.clearProperty(property);
        }
    }

    private static int number(HikariDataSource pool, String query) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            return number(statement, query);
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getInt(1);
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    @SuppressWarnings("try")
    void theConnectionTimeoutEndsTheWaitForADatabaseThatDoesNotAnswer() throws SQLException {
        HikariConfig config = config();
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(500);
        try (HikariDataSource pool = carefulPool(config);
                RunningFault stall = db.faults().toClient(Fault.stall())) {
            long begun = System.nanoTime();

            assertThatThrownBy(pool::getConnection).isInstanceOf(SQLTransientConnectionException.class);
            assertThat(since(begun)).isGreaterThanOrEqualTo(ofMillis(500));
        }
    }

    @Test
    void thePoolRecoversByItselfFromADatabaseThatWasDown() throws SQLException {
        HikariConfig config = config();
        config.setConnectionTimeout(500);
        try (HikariDataSource pool = carefulPool(config)) {
            assertThat(number(pool, "SELECT 7")).isEqualTo(7);

            db.down();
            assertThatThrownBy(pool::getConnection).isInstanceOf(SQLTransientConnectionException.class);

            db.up();
            pool.setConnectionTimeout(ofSeconds(30).toMillis());
            assertThat(number(pool, "SELECT 7")).isEqualTo(7);
        }
    }

    @Test
    void anIdleConnectionThatWasResetIsReplacedBeforeItIsHandedOut() throws SQLException {
        try (HikariDataSource pool = carefulPool(config())) {
            assertThat(number(pool, "SELECT 7")).isEqualTo(7);

            db.resetFlows(flow -> true);

            assertThat(number(pool, "SELECT 7")).isEqualTo(7);
            assertThat(db.metrics().opened()).isEqualTo(2);
        }
    }

    /** As when a firewall has forgotten the connection: what is sent on it is lost, and new ones work. */
    @Test
    void soIsOneThatLeadsNowhereOnceTheNetworkTimeoutHasEndedItsTest() throws SQLException {
        try (HikariDataSource pool = carefulPool(configWithNetworkTimeout())) {
            assertThat(number(pool, "SELECT 7")).isEqualTo(7);
            db.faults().apply(bothWays(Fault.blackHole()).liveFlows());
            long begun = System.nanoTime();

            assertThat(number(pool, "SELECT 7")).isEqualTo(7);
            assertThat(since(begun)).isGreaterThanOrEqualTo(NETWORK_TIMEOUT);
            assertThat(db.metrics().opened()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatFailsInUseIsHandedOutAgainIfThePoolDoesNotKnowTheError() throws SQLException {
        try (HikariDataSource pool = trustingPool(config())) {
            assertThat(number(pool, "SELECT 7")).isEqualTo(7);

            db.resetFlows(flow -> true);

            assertThatThrownBy(() -> number(pool, "SELECT 7")).isInstanceOf(SQLNonTransientConnectionException.class);
            assertThatThrownBy(() -> number(pool, "SELECT 7")).isInstanceOf(SQLNonTransientConnectionException.class);
            assertThat(db.metrics().opened()).isEqualTo(1);
        }
    }

    @Test
    void itIsReplacedIfThePoolWasTold() throws SQLException {
        HikariConfig config = config();
        config.setExceptionOverride(new SQLExceptionOverride() {
            @java.lang.Override
            public Override adjudicate(SQLException e) {
                return e instanceof SQLNonTransientConnectionException ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
            }
        });
        try (HikariDataSource pool = trustingPool(config)) {
            assertThat(number(pool, "SELECT 7")).isEqualTo(7);

            db.resetFlows(flow -> true);

            assertThatThrownBy(() -> number(pool, "SELECT 7")).isInstanceOf(SQLNonTransientConnectionException.class);
            assertThat(number(pool, "SELECT 7")).isEqualTo(7);
        }
    }

    @Test
    @SuppressWarnings("try")
    void theQueryTimeoutIsTheDatabasesAndKnowsNothingOfTheLink() throws SQLException {
        try (HikariDataSource pool = carefulPool(config());
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            try (RunningFault slow = db.faults().toClient(Fault.latency(ofMillis(1_100)))) {
                long begun = System.nanoTime();

                assertThat(number(statement, "SELECT 7")).isEqualTo(7);
                assertThat(since(begun)).isGreaterThan(ofSeconds(1));
            }
        }
    }

    @Test
    void theNetworkTimeoutEndsTheWaitForAnAnswerButTheChangeMayHaveBeenMade() throws SQLException {
        try (HikariDataSource pool = trustingPool(configWithNetworkTimeout())) {
            assertThatThrownBy(() -> sellWithoutAnAnswer(pool)).isInstanceOf(SQLNonTransientConnectionException.class);
        }
        try (HikariDataSource pool = trustingPool(config())) {
            assertThat(number(pool, "SELECT COUNT(*) FROM sold")).isEqualTo(1);
        }
    }

    private void sellWithoutAnAnswer(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE sold (item INT)");
            try (PreparedStatement sale = connection.prepareStatement("INSERT INTO sold VALUES (1)")) {
                db.faults().apply(toClient(Fault.blackHole()).liveFlows());
                sale.executeUpdate();
            }
        }
    }
}
