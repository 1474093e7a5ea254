import Contracts
import Logging
import ServiceKit

/// Takes in a message of the provider: verified, stored, deduplicated and applied. Bookings learn of it by asking.
struct ReceiveWebhook: Sendable {
    let inbox: InboxStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let logger: Logger

    /// Whether the message was new.
    ///
    /// Throws ``WebhookRefusal`` for one that is not the provider's, too old, or cannot be read.
    @discardableResult
    func execute(_ delivery: WebhookDelivery) async throws -> Bool {
        let now = clock.now()
        let event = try provider.event(in: delivery, at: now)
        try await FaultPoint.reach("payment.webhook.verified")
        let isNew = try await inbox.receive(
            event, from: provider.name, payload: String(decoding: delivery.body, as: UTF8.self), at: now)
        try await FaultPoint.reach("payment.webhook.recorded")
        logger.debug(
            "webhook received", metadata: ["kind": "\(event.kind)", "event": "\(event.id)", "new": "\(isNew)"])
        return isNew
    }
}
