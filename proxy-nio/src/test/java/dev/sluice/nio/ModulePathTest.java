package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.ChildJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's program, compiled against the API alone and run with the engine beside it, as a module or not. */
class ModulePathTest {
    private static final String MODULE = "module consumer { requires dev.sluice.api; }";
    /** Relays one line to itself, and tells which modules it found. */
    private static final String PROGRAM = """
            package consumer;

            import dev.sluice.ProxyServer;
            import dev.sluice.Route;
            import java.io.InputStream;
            import java.net.InetAddress;
            import java.net.ServerSocket;
            import java.net.Socket;

            public final class Main {
                public static void main(String[] args) throws Exception {
                    InetAddress here = InetAddress.getByName("127.0.0.1");
                    try (ServerSocket server = new ServerSocket(0, 1, here);
                            ProxyServer proxy = ProxyServer.start(Route.tcp("web")
                                    .listen("127.0.0.1", 0)
                                    .to("127.0.0.1:" + server.getLocalPort()));
                            Socket client = new Socket(here, proxy.route("web").port());
                            Socket upstream = server.accept()) {
                        client.getOutputStream().write("relayed".getBytes());
                        InputStream in = upstream.getInputStream();
                        System.out.println(new String(in.readNBytes("relayed".length())));
                        System.out.println(ProxyServer.class.getModule().getName());
                        System.out.println(proxy.getClass().getModule().getName());
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    /** Compiles with nothing but the API in sight, and its annotations, which the compiler alone asks for. */
    private Path compiled(String pathOption, String... sources) throws Exception {
        List<Path> files = new ArrayList<>();
        for (String source : sources) {
            Path file = directory.resolve(source.startsWith("module") ? "module-info.java" : "Main.java");
            files.add(Files.writeString(file, source));
        }
        Path classes = directory.resolve("classes");
        String api = String.join(File.pathSeparator, ChildJvm.engine().get(0), ChildJvm.source(Nullable.class));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, null, null)) {
            List<String> options = List.of("--release", "17", "-Xlint:all", pathOption, api, "-d", classes.toString());
            compiler.getTask(null, manager, found, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
        }
        assertThat(found.getDiagnostics()).isEmpty();
        return classes;
    }

    private static List<String> path(Path consumer) {
        List<String> path = new ArrayList<>(ChildJvm.engine());
        path.add(ChildJvm.simpleLogger());
        path.add(consumer.toString());
        return path;
    }

    private static void expectRelayed(List<String> arguments, String api, String engine) throws Exception {
        try (ChildJvm child = ChildJvm.start(arguments)) {
            assertThat(child.awaitLines()).containsExactly("relayed", api, engine);
            assertThat(child.errors()).isEmpty();
        }
    }

    /** The engine is nobody's requirement: the service that the API uses draws it into the graph. */
    @Test
    void aModuleRequiresTheApiAndTheEngineIsFound() throws Exception {
        Path consumer = compiled("--module-path", MODULE, PROGRAM);

        expectRelayed(
                List.of(
                        "--module-path",
                        String.join(File.pathSeparator, path(consumer)),
                        "--module",
                        "consumer/consumer.Main"),
                "dev.sluice.api",
                "dev.sluice.nio");
    }

    @Test
    void onTheClassPathTheEngineIsFound() throws Exception {
        Path consumer = compiled("--class-path", PROGRAM);

        expectRelayed(
                List.of("--class-path", String.join(File.pathSeparator, path(consumer)), "consumer.Main"),
                "null",
                "null");
    }

    /** The application on the class path, the library as modules. */
    @Test
    void fromTheClassPathTheEngineIsFoundAmongTheModules() throws Exception {
        Path consumer = compiled("--class-path", PROGRAM);
        List<String> modules = new ArrayList<>(ChildJvm.engine());
        modules.add(ChildJvm.simpleLogger());

        expectRelayed(
                List.of(
                        "--module-path",
                        String.join(File.pathSeparator, modules),
                        "--add-modules",
                        "dev.sluice.api",
                        "--class-path",
                        consumer.toString(),
                        "consumer.Main"),
                "dev.sluice.api",
                "dev.sluice.nio");
    }

    @Test
    void withoutTheEngineTheMessageSaysWhatToAdd() throws Exception {
        Path consumer = compiled("--class-path", PROGRAM);
        String path = String.join(File.pathSeparator, ChildJvm.engine().get(0), consumer.toString());

        try (ChildJvm child = ChildJvm.start(List.of("--class-path", path, "consumer.Main"))) {
            assertThat(child.errors())
                    .contains("IllegalStateException")
                    .contains("no engine found: add dev.sluice:proxy-nio");
        }
    }

    @Test
    void theEngineExportsNothing() throws Exception {
        String reaching =
                PROGRAM.replace("import dev.sluice.Route;", "import dev.sluice.Route;\nimport dev.sluice.nio.*;");
        List<String> errors =
                errorsOf("module consumer { requires dev.sluice.api; requires dev.sluice.nio; }", reaching);

        assertThat(errors).anyMatch(error -> error.contains("dev.sluice.nio"));
    }

    private List<String> errorsOf(String module, String program) throws Exception {
        Path moduleInfo = Files.writeString(directory.resolve("module-info.java"), module);
        Path main = Files.writeString(directory.resolve("Main.java"), program);
        List<String> path = new ArrayList<>(ChildJvm.engine());
        path.add(ChildJvm.source(Nullable.class));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, null, null)) {
            List<String> options = List.of(
                    "--module-path",
                    String.join(File.pathSeparator, path),
                    "-d",
                    directory.resolve("out").toString());
            compiler.getTask(
                            null,
                            manager,
                            found,
                            options,
                            null,
                            manager.getJavaFileObjectsFromPaths(List.of(moduleInfo, main)))
                    .call();
        }
        return found.getDiagnostics().stream().map(Object::toString).toList();
    }
}
