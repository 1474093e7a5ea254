/// `POST /api/auth/guest/batch`: many guests at once, for load tests.
package struct GuestBatchRequest: Sendable, Codable {
    /// 1 to 10,000.
    package let count: Int

    package init(count: Int) {
        self.count = count
    }
}

/// The minted guests, in no particular order.
package struct GuestBatchReply: Sendable, Codable {
    package struct Guest: Sendable, Codable {
        package let accessToken: String
        package let user: UserDocument

        package init(accessToken: String, user: UserDocument) {
            self.accessToken = accessToken
            self.user = user
        }
    }

    package let guests: [Guest]

    package init(guests: [Guest]) {
        self.guests = guests
    }
}
