import Logging
import ServiceKit

/// Tells operators of a difference: a row that they can read, a line in the log, a count.
struct ReportDifference: Sendable {
    let store: DifferenceStore
    let metrics: PrometheusRegistry
    let logger: Logger

    func callAsFunction(_ difference: Difference) async throws {
        let labels = [("kind", difference.kind.rawValue), ("mended", String(difference.isMended))]
        metrics.counter("payment_differences_total", labels).increment()
        logger.log(
            level: difference.isMended ? .warning : .error, "payments and their provider did not agree",
            metadata: [
                "kind": "\(difference.kind.rawValue)", "paymentKey": "\(difference.paymentKey)",
                "bookingId": "\(difference.bookingID ?? "")", "mended": "\(difference.isMended)",
                "detail": "\(difference.detail)",
            ])
        try await store.record(difference)
    }
}
