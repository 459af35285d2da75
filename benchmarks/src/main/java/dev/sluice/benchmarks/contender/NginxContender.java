package dev.sluice.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Transport;
import dev.sluice.benchmarks.relay.FreePort;
import dev.sluice.nio.socket.AddressText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stream module of nginx, with one worker process. */
record NginxContender(String name, boolean tuned, Executables executables) implements Contender {
    private static final String NO_NGINX = "nginx is not on the PATH: apt-get install nginx libnginx-mod-stream";
    private static final String NO_STREAM = "nginx has no stream module: apt-get install libnginx-mod-stream";
    private static final long MOST_DESCRIPTORS = 12_000;

    private static final Pattern MODULES = Pattern.compile("--modules-path=(\\S+)");
    private static final Pattern BUILT_IN = Pattern.compile("--with-stream(\\s|$)");

    private static final String CONFIGURATION = """
            %s
            %s
            daemon off;
            worker_processes 1;
            pid %s;
            error_log stderr warn;
            events {
                worker_connections %d;
                %s
            }
            stream {
                server {
                    listen 127.0.0.1:%d%s;
                    proxy_pass %s;
                    %s
                }
            }
            """;

    static List<Contender> variants(Executables executables) {
        return List.of(
                new NginxContender("nginx", false, executables), new NginxContender("nginx-tuned", true, executables));
    }

    @Override
    public boolean carries(Transport transport) {
        return true;
    }

    @Override
    public Optional<String> missing() {
        Optional<Path> nginx = program();
        if (nginx.isEmpty()) {
            return Optional.of(NO_NGINX);
        }
        try {
            return loadStream(nginx.get()).isPresent() ? Optional.empty() : Optional.of(NO_STREAM);
        } catch (IOException e) {
            return Optional.of("nginx -V does not run: " + e.getMessage());
        }
    }

    @Override
    public Relay start(Transport transport, InetSocketAddress upstream) throws IOException {
        Path nginx = program().orElseThrow(() -> new IOException(NO_NGINX));
        String loadStream = loadStream(nginx).orElseThrow(() -> new IOException(NO_STREAM));
        int port = FreePort.find(transport);
        ServerFiles files = ServerFiles.create(name);
        Path pid = files.file("nginx.pid");
        Path configuration = files.write(
                "nginx.conf",
                CONFIGURATION.formatted(
                        loadStream,
                        user(),
                        pid,
                        Host.descriptors(MOST_DESCRIPTORS),
                        tuned ? "multi_accept on;" : "",
                        port,
                        socketOptions(transport),
                        AddressText.of(upstream),
                        tuned ? "proxy_buffer_size 256k;" : ""));
        List<String> command = List.of(
                nginx.toString(), "-p", files.directory().toString(), "-e", "stderr", "-c", configuration.toString());
        // It writes the file when its sockets are bound, for UDP too, and starts its worker then.
        return ServerRelay.start(
                port,
                files,
                command,
                process -> Files.exists(pid) && process.children().findAny().isPresent());
    }

    private String socketOptions(Transport transport) {
        return switch (transport) {
            case TCP -> tuned ? " backlog=4096" : "";
            case UDP -> tuned ? " udp rcvbuf=4m" : " udp";
        };
    }

    @Override
    public Optional<String> version() {
        return executables.version("nginx");
    }

    private Optional<Path> program() {
        return executables.find("nginx");
    }

    /** Started by root, its worker would be somebody else who may not open the files; others cannot choose. */
    private static String user() {
        return System.getProperty("user.name").equals("root") ? "user root;" : "";
    }

    /** The directive that loads the stream module, nothing if it is built in; empty without the module. */
    private static Optional<String> loadStream(Path nginx) throws IOException {
        Process process = new ProcessBuilder(nginx.toString(), "-V")
                .redirectErrorStream(true)
                .start();
        String build = new String(process.getInputStream().readAllBytes(), UTF_8);
        ChildProcess.awaitEnd(process);
        if (BUILT_IN.matcher(build).find()) {
            return Optional.of("");
        }
        Matcher modules = MODULES.matcher(build);
        return modules.find()
                ? Optional.of(Path.of(modules.group(1), "ngx_stream_module.so"))
                        .filter(Files::exists)
                        .map("load_module %s;"::formatted)
                : Optional.empty();
    }
}
