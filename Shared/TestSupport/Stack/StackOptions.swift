package import Contracts

/// What the services of a ``HoldfastStack`` keep their state in.
package enum StackDatabase: String, Sendable, CaseIterable {
    /// A file for each service.
    case sqlite
    /// One private cluster with a database for each service.
    case postgres
}

/// How a ``HoldfastStack`` differs from a plain start.
package struct StackOptions: Sendable {
    /// Settings of all services.
    package var common: [String: String]
    /// Settings of single services; they win over the common ones.
    package var services: [ServiceName: [String: String]]
    /// Further arguments of the Redis server, which win over the stack's own.
    package var redisArguments: [String] = []
    /// How many processes of a service there are; one of those that are not named. Several need PostgreSQL.
    package var replicas: [ServiceName: Int] = [:]
    /// What the services keep their state in.
    package var database = StackDatabase.sqlite

    package init(common: [String: String] = [:], services: [ServiceName: [String: String]] = [:]) {
        self.common = common
        self.services = services
    }

    /// Cheap password hashes and no limits on minting: what tests need to be quick, and nothing else.
    static let forTests: [String: String] = [
        "SCRYPT_LOG2N": "13", "CHEAP_PASSWORDS": "on", "GUEST_MINTS_PER_MINUTE": "1000000",
        "SIGN_IN_ATTEMPTS_PER_MINUTE": "1000000", "SHUTDOWN_SECONDS": "3",
    ]

    /// Seats are guarded by the database alone.
    package static var withoutSeatLocks: StackOptions {
        StackOptions(services: [.inventory: ["SEAT_LOCKS": "off"]])
    }

    /// One service passes through faults, written as `FaultPoint` reads them.
    package static func faults(_ points: String, in service: ServiceName) -> StackOptions {
        StackOptions(services: [service: ["FAULT_POINTS": points]])
    }
}
