import NIOCore
import Synchronization

/// Orders of a sale whose seats are held, waiting to be paid.
final class ReservedOrders: Sendable {
    private let sale: Sale
    private let held = Mutex<[(order: Int, reservationID: String)]>([])

    init(_ sale: Sale) {
        self.sale = sale
    }

    func add(_ order: Int, _ reservationID: String) {
        held.withLock { $0.append((order, reservationID)) }
    }

    /// The payment of one of them.
    func nextConfirmation() throws(SoldOut) -> ByteBuffer {
        let next = held.withLock { $0.popLast() }
        guard let next else { throw SoldOut(orders: 0) }
        return sale.confirmation(next.order, of: next.reservationID)
    }
}

/// A buyer's connection that reserves and notes what it got.
final class CollectingScript: LoadScript {
    let readsBodies = true
    private let sale: Sale
    private let reserved: ReservedOrders
    private var order = 0

    init(_ sale: Sale, _ reserved: ReservedOrders) {
        self.sale = sale
        self.reserved = reserved
    }

    func begin() throws -> ByteBuffer {
        order = try sale.nextOrder()
        return sale.reservation(order)
    }

    func received(_ reply: LoadReply) throws -> LoadStep {
        try reply.expect(201)
        reserved.add(order, try reply.reservationID())
        return .finished
    }
}

/// A buyer's connection that pays for what is held.
final class ConfirmationScript: LoadScript {
    let readsBodies = false
    private let reserved: ReservedOrders

    init(_ reserved: ReservedOrders) {
        self.reserved = reserved
    }

    func begin() throws -> ByteBuffer { try reserved.nextConfirmation() }

    func received(_ reply: LoadReply) throws -> LoadStep {
        try reply.expect(201)
        return .finished
    }
}
