import Contracts
import Logging
import ServiceKit

/// Keeps the copies of events up with the events service by reading its change feed from where it stopped.
struct FollowEvents: Sendable {
    let store: EventCopyStore
    let feed: any EventFeed
    let clock: any WallClock
    let logger: Logger

    /// How many changes one look takes at most.
    static let batchMax = 200
    private static let deadline = Duration.seconds(5)

    /// Takes over everything that is in the feed by now; returns when all of it is known here.
    ///
    /// For whoever hears of a change: what is told twice, late or in another order asks for nothing new.
    func catchUp() async throws {
        while try await pass() {}
    }

    /// Takes over one batch of changes; true when there may be more at once.
    private func pass() async throws -> Bool {
        let position = try await store.position()
        let page = try await feed.changes(
            after: position, limit: Self.batchMax, in: .background(within: Self.deadline))
        if let latest = page.latest, latest < position {
            logger.warning(
                "the events service began anew: copying everything again",
                metadata: ["position": "\(position)", "latest": "\(latest)"])
            try await store.startOver(from: position)
            return latest > 0
        }
        if let last = page.changes.last {
            try await store.apply(
                page.changes.map { EventCopy($0.event) }, upTo: last.sequence, at: clock.now())
        }
        return page.hasMore
    }
}
