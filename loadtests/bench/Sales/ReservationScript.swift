import NIOCore

/// A buyer's connection that reserves and does not pay.
final class ReservationScript: LoadScript {
    let readsBodies = false
    private let sale: Sale

    init(_ sale: Sale) {
        self.sale = sale
    }

    func begin() throws -> ByteBuffer {
        sale.reservation(try sale.nextOrder())
    }

    func received(_ reply: LoadReply) throws -> LoadStep {
        try reply.expect(201)
        return .finished
    }
}
