import Contracts
import HTTPKit
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `/api/cart`: what a buyer gathers before checking out.
struct CartController: Sendable {
    let carts: CartStore
    let clock: any WallClock
    let fingerprinter: RequestFingerprinter

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(use: show)
        router.delete(use: clear)
        router.post("items", use: add)
        router.put("items/:id", use: setQuantity)
        router.delete("items/:id", use: remove)
        router.post("checkout", use: checkOut)
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<CartDocument> {
        let identity = try context.requireIdentity()
        return Reply(try await carts.find(of: identity.userID, at: clock.now()).document)
    }

    @Sendable private func add(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let order = try CartOrder(try JSONRequestDecoder.decode(CartItemRequest.self, from: body))
        let reply = { @Sendable (view: CartView) in try StoredReply(status: 201, json: view.document) }
        let keyed = try keyed(request, body, identity, context.deadline, reply)
        return try await answering {
            try await carts.add(order, by: identity.userID, keyed).response(reply)
        }
    }

    @Sendable private func setQuantity(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<CartDocument> {
        let identity = try context.requireIdentity()
        let form = try await request.decode(as: CartQuantityRequest.self, context: context)
        guard (0...ReservationOrder.quantityMax).contains(form.quantity) else {
            throw Problem.invalid("quantity", "must be at least 0 and not more than an order may have")
        }
        let view = try await answering {
            try await carts.setQuantity(
                form.quantity, ofLine: try context.parameter("id"), by: identity.userID, at: clock.now())
        }
        return Reply(view.document)
    }

    @Sendable private func remove(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        let identity = try context.requireIdentity()
        _ = try await answering {
            try await carts.setQuantity(0, ofLine: try context.parameter("id"), by: identity.userID, at: clock.now())
        }
        return .noContent
    }

    @Sendable private func clear(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        let identity = try context.requireIdentity()
        try await answering { try await carts.clear(of: identity.userID, at: clock.now()) }
        return .noContent
    }

    @Sendable private func checkOut(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let now = clock.now()
        let reply = { @Sendable (reservations: [Reservation]) in
            try StoredReply(status: 201, json: CartCheckoutReply(reservations, at: now))
        }
        let keyed = try keyed(request, body, identity, context.deadline, reply)
        return try await answering { try await carts.checkOut(by: identity.userID, keyed).response(reply) }
    }

    private func keyed<Value>(
        _ request: Request, _ body: ByteBuffer, _ identity: Identity, _ deadline: Deadline,
        _ reply: @escaping @Sendable (Value) throws -> StoredReply
    ) throws -> KeyedTransaction<Value> {
        KeyedTransaction(
            order: try IdempotentOrder(request, body, by: identity, fingerprinter), now: clock.now(),
            deadline: deadline, reply: reply)
    }

    private func answering<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await RefusalTranslation(clock: clock).run(body)
        } catch let refusal as CartRefusal {
            throw refusal.problem
        }
    }
}

extension CartOrder {
    /// Checks the form of a request and folds repeated seats.
    ///
    /// - Throws: ``Problem`` with status 422 that names every field at fault.
    init(_ request: CartItemRequest) throws(Problem) {
        if let eventID = request.eventId, let seats = request.seatNumbers, request.quantity == nil {
            let numbers = Set(seats).sorted()
            guard UUIDv7.isWellFormed(eventID) else { throw .invalid("eventId", "must be an event's id") }
            guard (1...ReservationOrder.quantityMax).contains(numbers.count),
                numbers.allSatisfy(ReservationOrder.isSeatNumber)
            else {
                throw .invalid("seatNumbers", "must name at least one seat and not more than an order may have")
            }
            self = .seats(eventID: eventID, numbers)
            return
        }
        guard let typeID = request.ticketTypeId, let quantity = request.quantity, request.seatNumbers == nil else {
            throw .invalid("ticketTypeId", "give either ticketTypeId and quantity, or eventId and seatNumbers")
        }
        guard UUIDv7.isWellFormed(typeID) else { throw .invalid("ticketTypeId", "must be a ticket type's id") }
        guard (1...ReservationOrder.quantityMax).contains(quantity) else {
            throw .invalid("quantity", "must be at least 1 and not more than an order may have")
        }
        self = .places(ticketTypeID: typeID, quantity: quantity)
    }
}

extension CartView {
    /// The cart as its buyer sees it.
    var document: CartDocument {
        CartDocument(
            id: cart.id, status: status,
            items: cart.lines.map { line in
                CartDocument.Item(
                    id: line.id, eventId: line.eventID, ticketTypeId: line.ticketTypeID, quantity: line.quantity,
                    seatNumbers: line.seatNumbers.isEmpty ? nil : line.seatNumbers, unitPrice: line.unitPrice.amount,
                    lineTotal: Money(minorUnits: line.total, currency: cart.currency).amount,
                    reserved: reservedLines.contains(line.id))
            },
            totalAmount: cart.total.amount, currency: cart.currency.code, expiresAt: expiresAt, version: cart.version)
    }
}

extension CartCheckoutReply {
    /// What was reserved, as it is at `now`.
    init(_ reservations: [Reservation], at now: Timestamp) {
        let total = reservations.reduce(0) { $0 + $1.total.minorUnits }
        self.init(
            reservations: reservations.map { $0.document(at: now) },
            totalAmount: Money(minorUnits: total, currency: reservations.first?.currency ?? .usd).amount)
    }
}
