import NIOCore

extension LoadReply {
    private static let identifierField = #""reservationId":""#
    private static let identifierLength = 36

    /// The value of the first field of that name: reading the whole document would cost the generator more than the
    /// gateway's work does.
    func reservationID() throws -> String {
        guard let field = body.readableBytesView.firstRange(of: Array(Self.identifierField.utf8)),
            let text = body.getString(at: field.upperBound, length: Self.identifierLength)
        else { throw UnexpectedReply(status: status, text: String(buffer: body)) }
        return text
    }
}
