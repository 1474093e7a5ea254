package import Contracts

/// Where a process listens: `HOST`, `PORT` and, of the gateway, `OPERATIONS_PORT`.
package struct ListenAddress: Sendable, Hashable {
    /// Address to listen on.
    package let host: String
    /// Port to listen on; 0 takes any free one.
    package let port: Int
    /// Port for health and metrics of a service whose own port must not show them; nil for all others.
    package let operationsPort: Int?

    /// The port that has health and metrics.
    package var healthPort: Int { operationsPort ?? port }

    /// Reads them; throws ``SettingsError``.
    package init(_ settings: Settings, service: ServiceName) throws(SettingsError) {
        host = try settings.string("HOST", default: "127.0.0.1", help: "address to listen on")
        port = try settings.int("PORT", default: service.defaultPort, in: 0...65_535, help: "port to listen on")
        operationsPort =
            service == .gateway
            ? try settings.int(
                "OPERATIONS_PORT", default: 5010, in: 0...65_535, help: "port of health and metrics of the gateway")
            : nil
    }
}
