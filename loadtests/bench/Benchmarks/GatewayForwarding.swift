import HTTPKit

/// P1: what the gateway costs between a client and a service, beside nginx in the same place.
struct GatewayForwarding: Benchmark {
    let id = "P1"
    let summary = "the gateway against nginx's proxy_pass, both before the same upstream"

    private static let gateway = "gateway"
    private static let nginx = "nginx"

    var comparisons: [Comparison] {
        [
            Comparison(
                "requests/s", .init(Self.gateway, .rate), to: .init(Self.nginx, .rate), .atLeast(0.9)),
            Comparison(
                "proxy's CPU, µs a request", .init(Self.gateway, .cpu("proxy")), to: .init(Self.nginx, .cpu("proxy")),
                .atMost(1.3)),
            Comparison("p99, ms", .init(Self.gateway, .p99), to: .init(Self.nginx, .p99)),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        let upstream = try await Nginx.fixedReply()
        let nginx = try await Nginx.proxy(to: upstream.endpoint)
        let gateway = try await LoneGateway.start(upstream: upstream.endpoint)
        try await rounds.measure([
            Contender(Self.gateway) { try await Self.load(gateway, $0) },
            Contender(Self.nginx) { try await Self.load(nginx, $0) },
        ])
    }

    private static func load(_ proxy: HelperProcess, _ options: RunOptions) async throws -> Sample {
        let request = RequestBytes.get("/api/events", of: proxy.endpoint)
        return try await LoadGenerator.shared.measure(
            proxy.endpoint, options, ProcessMeter(["proxy": proxy.identifier])
        ) { _ in RepeatedRequest(request) }
    }
}
