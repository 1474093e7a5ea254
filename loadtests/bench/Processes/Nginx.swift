import Foundation
import HTTPKit
import TestSupport

/// The reference that everybody knows, with a configuration made for the run: one process, no access log, kept
/// connections on both sides.
enum Nginx {
    private static let program = "/usr/sbin/nginx"

    /// Answers every request with the same small JSON document, as fast as nginx can.
    static func fixedReply() async throws -> HelperProcess {
        let items = (1...8).map { #"{"id":\#($0),"name":"item \#($0)"}"# }.joined(separator: ",")
        return try await start(
            """
            location / {
                default_type application/json;
                return 200 '{"status":"ok","items":[\(items)]}';
            }
            """)
    }

    /// Forwards everything to `upstream` over kept connections.
    static func proxy(to upstream: Endpoint) async throws -> HelperProcess {
        try await start(
            """
            location / {
                proxy_pass http://upstream;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_set_header Host $host;
                proxy_set_header X-Forwarded-For $remote_addr;
            }
            """,
            beside: """
                upstream upstream {
                    server \(upstream.authority);
                    keepalive 128;
                    keepalive_requests 1000000000;
                    keepalive_timeout 300s;
                }
                """)
    }

    private static func start(_ location: String, beside: String = "") async throws -> HelperProcess {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw HelperDidNotStart(name: "nginx", output: "\(program) is not there; install nginx-light")
        }
        return try await HelperProcess.start(program) { port, directory in
            let file = directory.file("nginx.conf")
            try configuration(port: port, directory: directory.path, location, beside)
                .write(toFile: file, atomically: true, encoding: .utf8)
            return ["-p", directory.path, "-c", file, "-e", directory.file("error.log")]
        }
    }

    private static func configuration(port: Int, directory: String, _ location: String, _ beside: String) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "    \($0)_temp_path \(directory)/\($0);" }.joined(separator: "\n")
        return """
            daemon off;
            master_process off;
            pid \(directory)/nginx.pid;
            error_log \(directory)/error.log warn;
            events { worker_connections 2048; }
            http {
                access_log off;
                tcp_nodelay on;
                keepalive_timeout 300s;
                keepalive_requests 1000000000;
            \(temporary)
            \(beside)
                server {
                    listen 127.0.0.1:\(port) backlog=1024;
            \(location)
                }
            }
            """
    }
}
