package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineFinderTest {
    private static final String SERVICE = "META-INF/services/dev.sluice.ProxyEngine";

    @TempDir
    Path directory;

    private final List<URLClassLoader> loaders = new ArrayList<>();

    /** An engine with nothing in it. */
    public static class One implements ProxyEngine {
        @Override
        public ProxyServer.Builder builder() {
            throw new UnsupportedOperationException("not in this test");
        }
    }

    /** Another one. */
    public static final class Two extends One {}

    /** One that lacks something. */
    public static final class Failing extends One {
        public Failing() {
            throw new IllegalStateException("no selector on this host");
        }
    }

    /** Not an engine at all. */
    public static final class Stranger {}

    @AfterEach
    void closeLoaders() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    /** A class loader that sees an artifact with these providers, beside all that the tests see. */
    private ClassLoader providing(String... providers) throws IOException {
        return providing(EngineFinderTest.class.getClassLoader(), providers);
    }

    private ClassLoader providing(ClassLoader parent, String... providers) throws IOException {
        Path artifact = Files.createTempDirectory(directory, "artifact");
        Path service = artifact.resolve(SERVICE);
        Files.createDirectories(service.getParent());
        Files.write(service, List.of(providers));
        return loader(parent, artifact.toUri().toURL());
    }

    private ClassLoader loader(ClassLoader parent, URL... urls) {
        URLClassLoader loader = new URLClassLoader(urls, parent);
        loaders.add(loader);
        return loader;
    }

    private static String name(Class<?> type) {
        return type.getName();
    }

    @Test
    void withoutAnEngineTheMessageNamesTheArtifactToAdd() {
        ClassLoader empty = loader(EngineFinderTest.class.getClassLoader());

        assertThatThrownBy(() -> EngineFinder.find(empty, empty))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no engine found: add dev.sluice:proxy-nio to the class path or module path");
        assertThatThrownBy(() -> EngineFinder.find(empty, null)).hasMessageStartingWith("no engine found");
        assertThatThrownBy(ProxyServer::builder).hasMessageStartingWith("no engine found");
        assertThatThrownBy(() -> ProxyServer.start(Route.tcp("web").listen(0).to("a:1")))
                .hasMessageStartingWith("no engine found");
    }

    @Test
    void theEngineBesideTheApiIsFound() throws Exception {
        assertThat(EngineFinder.find(providing(name(One.class)), null)).isInstanceOf(One.class);
    }

    @Test
    void anEngineThatOnlyTheContextClassLoaderSeesIsFound() throws Exception {
        ClassLoader own = EngineFinderTest.class.getClassLoader();

        assertThat(EngineFinder.find(own, providing(name(One.class)))).isInstanceOf(One.class);
    }

    @Test
    void theThreadsContextClassLoaderIsAsked() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(providing(name(One.class)));
        try {
            assertThat(EngineFinder.find()).isInstanceOf(One.class);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void theSameEngineFoundTwiceCountsOnce() throws Exception {
        ClassLoader own = providing(name(One.class));

        assertThat(EngineFinder.find(own, own)).isInstanceOf(One.class);
        assertThat(EngineFinder.find(own, loader(own))).isInstanceOf(One.class);
        assertThat(EngineFinder.find(own, providing(own, name(One.class)))).isInstanceOf(One.class);
    }

    @Test
    void twoEnginesAreAnErrorThatNamesBothAndWhereTheyAre() throws Exception {
        ClassLoader both = providing(name(One.class), name(Two.class));
        String from =
                " (from " + One.class.getProtectionDomain().getCodeSource().getLocation() + ")";

        assertThatThrownBy(() -> EngineFinder.find(both, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("more than one engine found: " + name(One.class) + from + " and " + name(Two.class) + from
                        + "; keep one, normally dev.sluice:proxy-nio, and remove the artifact of the other");
        assertThatThrownBy(() -> EngineFinder.find(providing(name(Two.class)), providing(name(One.class))))
                .hasMessageStartingWith("more than one engine found: " + name(Two.class));
    }

    @Test
    void anEngineThatIsNamedButNotThereIsReportedAsBroken() throws Exception {
        ClassLoader broken = providing("no.such.Engine");

        assertThatThrownBy(() -> EngineFinder.find(broken, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "an engine was found but cannot be used: dev.sluice.ProxyEngine: Provider no.such.Engine not"
                                + " found; check that proxy-api and proxy-nio are there once, in the same version");
        assertThatThrownBy(() -> EngineFinder.find(EngineFinderTest.class.getClassLoader(), broken))
                .hasMessageStartingWith("an engine was found but cannot be used");
    }

    @Test
    void anEngineThatIsNoneIsReportedAsBroken() throws Exception {
        assertThatThrownBy(() -> EngineFinder.find(providing(name(Stranger.class)), null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name(Stranger.class))
                .hasMessageContaining("in the same version");
    }

    @Test
    void anEngineThatCannotBeMadeSaysWhy() throws Exception {
        assertThatThrownBy(() -> EngineFinder.find(providing(name(Failing.class)), null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be used")
                .hasMessageContaining("no selector on this host");
    }

    @Test
    void whatIsBrokenInTheContextOnlyDoesNotHarmAnApplicationThatHasItsEngine() throws Exception {
        assertThat(EngineFinder.find(providing(name(One.class)), providing("no.such.Engine")))
                .isInstanceOf(One.class);
    }
}
