import NIOCore

/// A buyer's connection that reserves, pays and has the tickets.
final class PurchaseScript: LoadScript {
    let readsBodies = true
    private let sale: Sale
    private var order = 0
    private var isPaying = false

    private static let identifierField = #""reservationId":""#
    private static let identifierLength = 36

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
        return .send(sale.confirmation(order, of: try Self.reservationID(in: reply)))
    }

    /// The value of the first field of that name: reading the whole document would cost the generator more than the
    /// gateway's work does.
    private static func reservationID(in reply: LoadReply) throws -> String {
        let view = reply.body.readableBytesView
        guard let field = view.firstRange(of: Array(identifierField.utf8)),
            let text = reply.body.getString(at: field.upperBound, length: identifierLength)
        else { throw UnexpectedReply(status: reply.status, text: String(buffer: reply.body)) }
        return text
    }
}
