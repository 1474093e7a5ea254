import ChangeFeed
import Logging
import RedisKit
import ServiceKit
import ServiceLifecycle

/// Tells the stream of every change, in the background: what the change feed has beyond what was told.
///
/// A change takes its place in the feed in the transaction that makes it, so none is missed, whatever dies. One that was
/// told and not noted is told again; several replicas may tell the same. Followers go by versions.
struct RelayChanges: Service {
    let store: RelayStore
    let stream: ChangeStream
    let redis: RedisClient
    let interval: Duration
    let logger: Logger

    private static let batchMax = 500
    private static let pauseAfterFailure = Duration.milliseconds(500)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                do {
                    let mayHaveMore = try await pass()
                    if isFailing { logger.info("telling the stream of changes again") }
                    isFailing = false
                    if !mayHaveMore { try await Task.sleep(for: interval) }
                } catch {
                    if !isFailing && !Task.isCancelled {
                        logger.warning("the stream cannot be told of changes", metadata: ["error": "\(error)"])
                    }
                    isFailing = true
                    try await Task.sleep(for: Self.pauseAfterFailure)
                }
            }
        }
    }

    /// Tells of one batch; true when there may be more at once.
    func pass() async throws -> Bool {
        let outstanding = try await store.outstanding(limit: Self.batchMax)
        guard !outstanding.marks.isEmpty else { return false }
        try await stream.publish(outstanding.marks, to: redis)
        try await FaultPoint.reach("events.changes.told")
        try await store.record(outstanding)
        return outstanding.marks.count == Self.batchMax
    }
}
