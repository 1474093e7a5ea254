import Contracts

/// Tells what is left of events.
protocol StockReading: Sendable {
    /// The counters of up to 100 events that changed since the version known of each, by event id; 0 knows nothing.
    func stock(of known: [String: Int64], in context: CallContext) async throws(ServiceCallError) -> StockReport
}

extension HTTPInventoryClient: StockReading {}
