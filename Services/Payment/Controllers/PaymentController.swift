import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `/api/payments`: payments before a purchase, and all payments as their payers see them.
struct PaymentController: Sendable {
    let authorize: AuthorizePayment
    let findPayment: FindPayment
    let release: ReleasePayment
    let idempotency: IdempotentRequests

    /// What a 202 tells its client to wait before asking again.
    private static let pollSeconds = "1"

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post(use: authorize)
        router.get(":id", use: show)
        router.post(":id/refund", use: refund)
    }

    @Sendable private func authorize(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let form = try JSONRequestDecoder.decode(AuthorizePaymentRequest.self, from: body)
        return try await PaymentRefusal.translated {
            let instrument = try authorize.instrument(form.method, field: "method")
            let order = AuthorizationOrder(
                userID: identity.userID, amount: try form.money(), intent: try IdempotencyKey.of(request)?.text)
            return try await idempotency.perform(request, body: body, scope: identity.userID) {
                try await PaymentRefusal.translated {
                    try Self.reply(await authorize.execute(order, instrument, until: context.deadline))
                }
            }
        }
    }

    private static func reply(_ payment: Authorization) throws -> Response {
        let location = "/api/payments/\(payment.paymentID)"
        guard payment.state == .pending else {
            return try Response.json(payment.document, status: .created, headers: [.location: location])
        }
        return try Response.json(
            payment.document, status: .accepted, headers: [.location: location, .retryAfter: pollSeconds])
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<PaymentDocument> {
        let identity = try context.requireIdentity()
        let payment = try await findPayment.execute(try context.parameter("id"), until: context.deadline)
        guard let payment, payment.userID == identity.userID else { throw Problem.notFound("payment") }
        return Reply(payment.document)
    }

    @Sendable private func refund(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireAdmin()
        guard let payment = try await findPayment.execute(try context.parameter("id"), until: context.deadline) else {
            throw Problem.notFound("payment")
        }
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        return try await PaymentRefusal.translated {
            let form =
                body.readableBytes == 0
                ? RefundPaymentRequest() : try JSONRequestDecoder.decode(RefundPaymentRequest.self, from: body)
            let minorUnits = try form.minorUnits(of: payment.amount.currency)
            return try await idempotency.perform(request, body: body, scope: identity.userID) {
                try await PaymentRefusal.translated {
                    guard case .authorization(let known) = payment else { throw PaymentRefusal.claimed }
                    let released = try await release.execute(
                        known.paymentID, minorUnits: minorUnits, until: context.deadline)
                    return try Response.json(released.document)
                }
            }
        }
    }
}
