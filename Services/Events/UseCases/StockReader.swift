import Contracts
import Logging

/// Joins events with what inventory has left of them, now.
///
/// Nothing is kept: a buyer sees each of their own reservations in the next read.
struct StockReader: Sendable {
    let stock: any StockClient
    let logger: Logger

    /// How many events one call may ask for.
    static let batchMax = 100

    /// The counters of `events`, which are at most ``batchMax``, by event id, in one call.
    ///
    /// - Throws: ``EventsError/inventoryUnavailable``
    func stock(of events: [Event], in context: CallContext) async throws -> [String: EventStock] {
        guard !events.isEmpty else { return [:] }
        var found: [String: EventStock] = [:]
        do {
            for stock in try await stock.stock(of: events.map(\.id), in: context) { found[stock.eventId] = stock }
        } catch {
            logger.warning("inventory did not tell its stock", metadata: ["error": "\(error)"])
            throw EventsError.inventoryUnavailable
        }
        let missing = events.lazy.map(\.id).filter { found[$0] == nil }
        if let first = missing.first {
            logger.error(
                "inventory does not know events that are for sale",
                metadata: ["count": "\(missing.count)", "eventId": "\(first)"])
        }
        return found
    }

    func documents(
        of events: [Event], at now: Timestamp, in context: CallContext
    ) async throws -> [EventDocument] {
        let stock = try await stock(of: events, in: context)
        return events.map { $0.document(stock: stock[$0.id], at: now) }
    }
}
