import Contracts
import DatabaseKit
import HTTPKit
import Logging
import ServiceKit
import ServiceLifecycle

/// Work that is looked for again and again, and done by one replica at a time.
struct LeasedWork: Service {
    /// Names the work in the lease and in logs.
    let name: String
    let database: any Database
    let clock: any WallClock
    /// Pause between two looks.
    let interval: Duration
    let logger: Logger
    /// Names this process in the lease.
    let process: String
    /// How long one pass may take: shorter than the lease, so that whoever has it next finds nobody at work.
    var passMax = Duration.seconds(45)
    /// Whether there is anything to do: asked before the lease, so that a quiet service writes nothing.
    let isDue: @Sendable () async throws -> Bool
    let work: @Sendable () async throws -> Void

    /// A worker that is paused for longer loses its lease to another; what both do then is done once all the same.
    private static let lease = Duration.seconds(60)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await pass()
                } catch {
                    if !Task.isCancelled {
                        logger.warning("\(name) failed; trying again", metadata: ["error": "\(error)"])
                    }
                }
                try await Task.sleep(for: interval)
            }
        }
    }

    /// Does what is due, unless another replica does; whether this one did. What is not done in its time is cancelled,
    /// and goes on in the next pass from what the states of the payments say.
    @discardableResult
    func pass() async throws -> Bool {
        guard try await isDue() else { return false }
        let now = clock.now()
        let isOurs = try await database.write { [name, process] session in
            try LeaseTable.take(name, for: process, until: now + Self.lease, at: now, in: session)
        }
        guard isOurs else { return false }
        try await Deadline.after(passMax).bound(work)
        return true
    }
}
