/// `POST /api/tickets/{id}/transfer`: pass a ticket on.
package struct TransferRequest: Sendable, Codable {
    /// The address of its new holder.
    package let email: String

    package init(email: String) {
        self.email = email
    }
}

/// `POST /api/tickets/check-in`: let the bearer of a code in, once.
package struct CheckInRequest: Sendable, Codable {
    /// What the scanner read.
    package let code: String

    package init(code: String) {
        self.code = code
    }
}
