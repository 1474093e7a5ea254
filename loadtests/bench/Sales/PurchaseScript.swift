import NIOCore

/// A buyer's connection that reserves, pays and has the tickets.
final class PurchaseScript: LoadScript {
    let readsBodies = true
    private let sale: Sale
    private var order = 0
    private var isPaying = false

    init(_ sale: Sale) {
        self.sale = sale
    }

    func begin() throws -> ByteBuffer {
        order = try sale.nextOrder()
        isPaying = false
        return sale.reservation(order)
    }

    func received(_ reply: LoadReply) throws -> LoadStep {
        try reply.expect(201)
        guard !isPaying else { return .finished }
        isPaying = true
        return .send(sale.confirmation(order, of: try reply.reservationID()))
    }
}
