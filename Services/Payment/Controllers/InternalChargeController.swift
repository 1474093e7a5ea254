import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/internal/charges`: what booking asks of payment. Every route is idempotent by its keys.
struct InternalChargeController: Sendable {
    let chargeBuyer: ChargeBuyer
    let findCharge: FindCharge
    let voidCharge: VoidCharge
    let refundCharge: RefundCharge

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post("charges", use: charge)
        router.get("charges/:key", use: show)
        router.post("charges/:key/void", use: void)
        router.post("charges/:key/refund", use: refund)
    }

    @Sendable private func charge(_ request: Request, context: ServiceContext) async throws -> Reply<ChargeDocument> {
        let form = try await request.decode(as: ChargeRequest.self, context: context)
        let charge = try await PaymentRefusal.translated {
            try await chargeBuyer.execute(ChargeOrder(form), form.payment, until: context.deadline)
        }
        guard charge.state == .pending else { return .created(charge.document) }
        return Reply(charge.document, status: .accepted, headers: [.retryAfter: "1"])
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<ChargeDocument> {
        let key = try context.parameter("key")
        return try await PaymentRefusal.translated {
            Reply(try await findCharge.execute(key, until: context.deadline).document)
        }
    }

    @Sendable private func void(_ request: Request, context: ServiceContext) async throws -> Reply<ChargeDocument> {
        let form = try await request.decode(as: VoidRequest.self, context: context)
        let key = try context.parameter("key")
        return try await PaymentRefusal.translated {
            let order = try ChargeOrder(form, key: key)
            return Reply(try await voidCharge.execute(order, until: context.deadline).document)
        }
    }

    @Sendable private func refund(_ request: Request, context: ServiceContext) async throws -> Reply<ChargeDocument> {
        let form = try await request.decode(as: RefundRequest.self, context: context)
        let key = try context.parameter("key")
        return try await PaymentRefusal.translated {
            try Self.check(form)
            let charge = try await refundCharge.execute(
                form.refundKey, of: key, minorUnits: form.amountMinorUnits, until: context.deadline)
            return Reply(charge.document)
        }
    }

    private static func check(_ form: RefundRequest) throws(PaymentRefusal) {
        var errors: [FieldError] = []
        if !PaymentKey.isWellFormed(form.refundKey) { errors.append(FieldError("refundKey", PaymentKey.rule)) }
        if let amount = form.amountMinorUnits, amount < 1 {
            errors.append(FieldError("amountMinorUnits", "must be at least 1"))
        }
        guard errors.isEmpty else { throw .invalid(errors) }
    }
}
