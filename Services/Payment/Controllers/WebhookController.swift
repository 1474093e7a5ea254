import Contracts
import HTTPTypes
import Hummingbird
import Logging
import ServiceKit

/// `POST /api/payments/webhooks/{provider}`: messages of the provider, known by their signature alone.
struct WebhookController: Sendable {
    let receive: ReceiveWebhook

    /// Larger than any event of a payment.
    private static let bytesMax = 262_144

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post("webhooks/:provider", use: receive)
    }

    @Sendable private func receive(_ request: Request, context: ServiceContext) async throws -> Reply<WebhookReceipt> {
        guard try context.parameter("provider") == receive.provider.name else { throw Problem.notFound("provider") }
        let body = try await request.body.collect(upTo: min(Self.bytesMax, context.maxUploadSize))
        let signature = request.headers[receive.provider.signatureHeader]
        do {
            try await receive.execute(
                WebhookDelivery(signature: signature, body: Array(body.readableBytesView)))
        } catch let refusal as WebhookRefusal {
            context.log.warning("refused a webhook", metadata: ["reason": "\(refusal)"])
            throw Self.problem(refusal)
        }
        return Reply(WebhookReceipt(received: true))
    }

    private static func problem(_ refusal: WebhookRefusal) -> Problem {
        switch refusal {
        case .notAuthentic:
            .badRequest("webhook-not-authentic", "the message is not signed as agreed, or was signed too long ago")
        case .malformed: .badRequest("webhook-malformed", "the message is not one of this provider's events")
        }
    }
}
