import Contracts

/// Tells what is left of events.
protocol StockReading: Sendable {
    /// The counters of up to 100 events; unknown ones are left out.
    func stock(of eventIDs: [String], in context: CallContext) async throws(ServiceCallError) -> [EventStock]
}

extension HTTPInventoryClient: StockReading {}
