/// `POST /api/holds/checkout`: begin a checkout of an event, or replace what it holds.
package struct CheckoutHoldRequest: Sendable, Codable {
    package struct Item: Sendable, Codable {
        /// The name of a ticket type.
        package let tier: String
        package let quantity: Int

        package init(tier: String, quantity: Int) {
            self.tier = tier
            self.quantity = quantity
        }
    }

    /// The event's id.
    package let concertId: String
    package let items: [Item]

    package init(concertId: String, items: [Item]) {
        self.concertId = concertId
        self.items = items
    }
}

/// What a checkout holds.
package struct CheckoutHoldReply: Sendable, Hashable, Codable {
    package struct Hold: Sendable, Hashable, Codable {
        package let id: String
        package let tier: String
        package let quantity: Int
        package let expiresAt: Timestamp

        package init(id: String, tier: String, quantity: Int, expiresAt: Timestamp) {
            self.id = id
            self.tier = tier
            self.quantity = quantity
            self.expiresAt = expiresAt
        }
    }

    package let success: Bool
    package let reservationId: String
    package let holds: [Hold]
    package let expiresAt: Timestamp
    package let hardExpiresAt: Timestamp
    /// How often the checkout page shows that it is there.
    package let heartbeatSeconds: Int

    package init(
        reservationId: String, holds: [Hold], expiresAt: Timestamp, hardExpiresAt: Timestamp, heartbeatSeconds: Int
    ) {
        success = true
        self.reservationId = reservationId
        self.holds = holds
        self.expiresAt = expiresAt
        self.hardExpiresAt = hardExpiresAt
        self.heartbeatSeconds = heartbeatSeconds
    }
}

/// `POST /api/inventory/reservations/{id}/heartbeat`; the body may be left out.
package struct HeartbeatRequest: Sendable, Codable {
    /// Whether the page is in the background, which lets it be silent for longer.
    package let hidden: Bool?

    package init(hidden: Bool? = nil) {
        self.hidden = hidden
    }
}

/// `POST /api/holds/heartbeat`.
package struct CheckoutHeartbeatRequest: Sendable, Codable {
    package let concertId: String
    package let hidden: Bool?

    package init(concertId: String, hidden: Bool? = nil) {
        self.concertId = concertId
        self.hidden = hidden
    }
}

/// The times of a checkout hold after a heartbeat.
package struct CheckoutHeartbeatReply: Sendable, Hashable, Codable {
    package let expiresAt: Timestamp
    package let hardExpiresAt: Timestamp

    package init(expiresAt: Timestamp, hardExpiresAt: Timestamp) {
        self.expiresAt = expiresAt
        self.hardExpiresAt = hardExpiresAt
    }
}
