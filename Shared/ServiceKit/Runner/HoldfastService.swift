package import Contracts
package import Hummingbird
package import ServiceLifecycle

/// One of the services: its name, its settings and how it is put together. ``ServiceRunner`` does the rest.
package protocol HoldfastService {
    associatedtype Configuration: Sendable

    static var name: ServiceName { get }
    /// What it does, in a few words for `--help`.
    static var summary: String { get }

    /// Reads every setting of the service; `--help` makes the same call to document them.
    static func configuration(_ settings: Settings) throws -> Configuration

    /// Puts the service together. May be called again and again, as tests do; what it opens it hands to `environment`
    /// or returns.
    static func build(_ configuration: Configuration, _ environment: ServiceEnvironment) async throws -> ServiceParts
}

/// What a service consists of once built.
package struct ServiceParts {
    /// Its routes; nil for a service that brings its own server among `services`.
    package var router: Router<ServiceContext>?
    /// What runs as long as the process: started in this order, stopped in the reverse.
    package var services: [any Service]
    /// What must hold for it to be ready, besides the databases it opened.
    package var readiness: [ReadinessCheck]
    /// Done at the end, after everything has stopped.
    package var onShutdown: [@Sendable () async -> Void]

    package init(
        router: Router<ServiceContext>? = nil, services: [any Service] = [], readiness: [ReadinessCheck] = [],
        onShutdown: [@Sendable () async -> Void] = []
    ) {
        self.router = router
        self.services = services
        self.readiness = readiness
        self.onShutdown = onShutdown
    }
}

/// One thing that must hold for a service to be ready.
package struct ReadinessCheck: Sendable {
    /// Its name in the health document.
    package let name: String
    /// Throws when it does not hold; has one second.
    package let check: @Sendable () async throws -> Void

    package init(_ name: String, _ check: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.check = check
    }
}
